// Small behaviours every page may use; each works on the markup it finds, and the page stands without them.

// Theme: the system's until somebody chooses. The button appears only where it can work.
const toggle = document.querySelector("[data-theme-toggle]");
if (toggle) {
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const root = document.documentElement;
    const chosen = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    root.dataset.theme = chosen === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // A private window forgets.
    }
    dispatchEvent(new Event("themechange"));
  });
}

// The menu closes when one looks elsewhere.
const menu = document.querySelector(".menu");
if (menu) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// Tabs: without this script every panel is shown, one under the other.
for (const list of document.querySelectorAll("[role=tablist]")) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const select = (chosen, focus) => tabs.forEach((tab) => {
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
    if (focus && tab === chosen) tab.focus();
  });
  list.addEventListener("click", (event) => { const tab = event.target.closest("[role=tab]"); if (tab) select(tab); });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) select(tabs.at((tabs.indexOf(document.activeElement) + step) % tabs.length), true);
  });
  list.hidden = false;
  select(tabs[0]);
}

// Copy: the first visible <pre> of the same box, or the element named by data-copy; also in parts that arrive later.
function toCopy(button) {
  if (button.dataset.copy) return document.querySelector(button.dataset.copy);
  return [...button.closest(".code").querySelectorAll("pre")].find((pre) => !pre.hidden);
}

function sayCopied(button) {
  const [use, words] = [button.querySelector("use"), button.lastChild];
  const [icon, text] = [use.getAttribute("href"), words.textContent];
  if (!icon.endsWith("#copy")) return;
  use.setAttribute("href", icon.replace("#copy", "#check"));
  words.textContent = text.replace("Copy", "Copied");
  setTimeout(() => { use.setAttribute("href", icon); words.textContent = text; }, 1500);
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const source = toCopy(button);
  // Without https there is no clipboard to write to: what is marked can be copied by hand.
  if (!navigator.clipboard) return getSelection().selectAllChildren(source);
  await navigator.clipboard.writeText(source.textContent.trim());
  sayCopied(button);
});
