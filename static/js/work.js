// The working pages: dropping files, sending only what was changed, ticking runs to compare.
// Every page stands without it: forms post, links lead on.

// --- Dropping a file on its label, and the bar while it travels -------------------------------------
function prepareUpload(form) {
  const input = form.querySelector("input[type=file]");
  const state = form.querySelector("[data-upload-state]");
  const bar = form.querySelector("progress");
  const send = () => {
    const file = input.files[0];
    if (!file) return;
    form.querySelector(".uploading").hidden = false;
    form.querySelector("[data-upload-name]").textContent = file.name;
    if (file.size > Number(form.dataset.mostBytes)) {
      state.textContent = `is larger than ${form.dataset.mostBytes / 2 ** 20} MB, the most that can be taken in.`;
      return;
    }
    state.textContent = "on its way";
    form.querySelector(".drop").hidden = true;
    form.requestSubmit();
  };
  input.addEventListener("change", send);
  send(); // what was chosen while this script was still on its way
  form.addEventListener("htmx:xhr:progress", ({ detail }) => {
    if (!detail.lengthComputable) return;
    bar.value = detail.loaded / detail.total;
    if (detail.loaded === detail.total) {
      bar.removeAttribute("value");
      state.textContent = "looking inside, in the cage";
    }
  });
  form.addEventListener("htmx:sendError", () => {
    form.querySelector(".drop").hidden = false;
    state.textContent = "did not arrive: the connection broke. Try again.";
  });
}

function prepareDrop(label) {
  const input = label.querySelector("input[type=file]");
  const mark = (on) => label.toggleAttribute("data-over", on);
  label.addEventListener("dragover", (event) => { event.preventDefault(); mark(true); });
  label.addEventListener("dragleave", () => mark(false));
  label.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// --- The run form ------------------------------------------------------------------------------------
const SHOWN_BYTES = 200_000;

function prepareRun(form) {
  // What still holds its default is not sent: the model's own value is the same, and the request stays short.
  form.addEventListener("formdata", ({ formData }) => {
    for (const field of form.querySelectorAll("[data-default]")) {
      if (field.value === field.dataset.default) formData.delete(field.name);
    }
  });
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter?.matches("[data-go]")) setTimeout(() => { submitter.disabled = true; }, 0);
  });
  // Enter presses a form's first button, in sight or not: these are for the page without a script.
  for (const button of form.querySelectorAll("button.unscripted")) button.remove();
  // In a search Enter is for what is looked for; it must not run the model, which may cost money.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.type === "search") event.preventDefault();
  });
  // Back from the card: the browser shows the page as it left it.
  addEventListener("pageshow", () => { form.querySelector("[data-go]").disabled = false; });

  const file = form.querySelector("[data-inputs-file]");
  const take = async () => {
    const chosen = file.files[0];
    if (!chosen) return;
    form.querySelector(".drop strong").textContent = chosen.name;
    // The text is shown, checked and sent; it stays when the form comes back with a mistake elsewhere.
    // A longer file goes as it is, and what was drawn of another table before goes away.
    const isShown = chosen.size <= SHOWN_BYTES;
    const text = form.querySelector("[data-inputs-text]");
    text.value = isShown ? await chosen.text() : "";
    if (isShown) file.value = "";
    text.dispatchEvent(new Event("change", { bubbles: true }));
  };
  if (!file) return;
  file.addEventListener("change", take);
  take();
}

// --- Ticking runs to compare -------------------------------------------------------------------------
function prepareCompare(form) {
  const button = form.querySelector("[data-compare-go]");
  const say = () => {
    const count = form.querySelectorAll("input[name=ids]:checked").length;
    button.disabled = count < 2;
    button.querySelector("span").textContent = count < 2 ? "Tick two or more to compare" : `Compare ${count} runs`;
  };
  form.addEventListener("change", say);
  say();
}

function prepare(root) {
  const all = (selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  all("[data-upload]").forEach(prepareUpload);
  all("label.drop").forEach(prepareDrop);
  all("[data-run]").forEach(prepareRun);
  all("[data-compare]").forEach(prepareCompare);
}

// A file let go beside its place would be opened by the browser instead of the page, and what was filled in would be lost.
for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
}

// After htmx, which waits for the same event: a file chosen early goes the same way as one chosen later.
document.addEventListener("DOMContentLoaded", () => prepare(document));
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const part = document.getElementById(detail.target.id) ?? detail.elt;
  prepare(part);
});
// A refusal is an answer to be read where the form was.
if (window.htmx) htmx.config.responseHandling.unshift({ code: "4(00|03|09|13|22|29)", swap: true });
