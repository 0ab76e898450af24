/* Forged, oversized and malformed answers, on every descriptor there is. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void send(char kind, const void *payload, uint32_t size) {
    char header[5] = {kind};
    memcpy(header + 1, &size, 4);
    for (int i = 3; i < 64; i++)
        if (write(i, header, 5) == 5) write(i, payload, size);
}

static void say(char kind, const char *json) { send(kind, json, strlen(json)); }

static const char *columns = "{\"columns\": [{\"name\": \"loot\"}], \"types\": [[\"time\", \"<f8\"], [\"loot\", \"<f8\"]]}";

int garbage(void) {
    char block[4096];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 64; i++) write(i, block, sizeof block);
    return 0;
}

int claims_4_gb(void) {
    for (int i = 3; i < 64; i++) write(i, "r\xff\xff\xff\xff", 5);
    return 0;
}

int unknown_frame(void) {
    say('z', "{}");
    return 0;
}

int broken_json(void) {
    say('c', "{\"columns\": [");
    return 0;
}

int deep_json(void) {
    char *text = malloc(200001);
    memset(text, '[', 200000);
    text[200000] = 0;
    say('c', text);
    return 0;
}

int other_columns(void) {
    say('c', "{\"columns\": [{\"name\": \"secret\"}], \"types\": [[\"time\", \"<f8\"], [\"secret\", \"<f8\"]]}");
    return 0;
}

int python_objects(void) {
    say('c', "{\"columns\": [{\"name\": \"loot\"}], \"types\": [[\"time\", \"<f8\"], [\"loot\", \"|O\"]]}");
    return 0;
}

int markup_in_a_name(void) {
    say('c', "{\"columns\": [{\"name\": \"<script>\"}], \"types\": [[\"time\", \"<f8\"], [\"<script>\", \"<f8\"]]}");
    return 0;
}

int elements_of_a_scalar(void) {
    say('c', "{\"columns\": [{\"name\": \"loot[0]\"}], \"types\": [[\"time\", \"<f8\"], [\"loot[0]\", \"<f8\"]]}");
    return 0;
}

int describes_its_columns(void) {
    double rows[] = {0.0, 1.0};
    say('c', "{\"columns\": [{\"name\": \"loot\", \"unit\": \"GBP\", \"description\": \"<b>free</b>\", \"enumeration\": {\"1\": \"much\"}}],"
             " \"types\": [[\"time\", \"<f8\"], [\"loot\", \"<f8\"]]}");
    send('r', rows, sizeof rows);
    say('e', "{\"notes\": [], \"error\": {\"code\": \"fmu_error\", \"message\": \"for free\"}}");
    _exit(0);
}

int rows_first(void) {
    send('r', "0123456789abcdef", 16);
    return 0;
}

int time_is_not_a_number(void) {
    double rows[] = {0.0 / 0.0, 1.0, 0.0, 1.0};
    say('c', columns);
    send('r', rows, sizeof rows);
    say('e', "{\"notes\": [], \"error\": null}");
    _exit(0);
}

int time_goes_backwards(void) {
    double rows[] = {1.0, 1.0, 0.0, 1.0};
    say('c', columns);
    send('r', rows, sizeof rows);
    say('e', "{\"notes\": [], \"error\": null}");
    _exit(0);
}

int half_a_row(void) {
    say('c', columns);
    send('r', "0123456789", 10);
    say('e', "{\"notes\": [], \"error\": null}");
    _exit(0);
}

int ends_without_a_result(void) {
    say('e', "{\"notes\": [], \"error\": null}");
    _exit(0);
}

int blames_the_cage(void) {
    say('e', "{\"notes\": [], \"error\": {\"code\": \"sandbox_error\", \"message\": \"pay me back\"}}");
    _exit(0);
}

int wrong_shapes(void) {
    say('e', "{\"notes\": 7, \"error\": [1, 2]}");
    _exit(0);
}

int goes_on_after_the_end(void) {
    say('e', "{\"notes\": [], \"error\": null}");
    say('c', columns);
    return 0;
}

int endless_rows(void) {
    static char block[1 << 20];
    say('c', columns);
    for (;;) send('r', block, sizeof block);
}

int endless_progress(void) {
    double half = 0.5;
    for (;;) send('p', &half, sizeof half);
}

int progress_beyond_the_end(void) {
    double far = 1e300;
    send('p', &far, sizeof far);
    return 0;
}

int endless_print(void) {
    char line[4096];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = 0;
    for (;;) puts(line);
}

int prints_control_characters(void) {
    static const char text[] = "\x1b[2J\0\xff\xfe\x7f\xc2\x9b<script>alert(1)</script>\n";
    fwrite(text, 1, sizeof text - 1, stdout);
    return 0;
}
