// The screen: ncurses with its globals and macros behind plain functions.

#include "private.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

WINDOW *ct_input;

static SCREEN *screen;
static bool is_open;
static bool has_colors_on;
static bool has_xterm_modes;
static bool mouse_on;
static int cursor_state = -1;

// Clicks and the wheel, with coordinates as numbers; no movement.
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

static void send(const char *bytes) {
  fflush(stdout);
  size_t length = strlen(bytes);
  while (length > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, length);
    if (written <= 0) return;
    bytes += written;
    length -= (size_t)written;
  }
}

/// Our own modes on or off, around what ncurses switches.
static void send_modes(bool on) {
  if (!has_xterm_modes) return;
  send(on ? "\033[?2004h" : "\033[?2004l");
  if (mouse_on) send(on ? MOUSE_ON : MOUSE_OFF);
}

bool ct_locale(void) {
  // Only the character set: numbers keep their points.
  if (setlocale(LC_CTYPE, "") == NULL) {
    // A locale that this machine does not have (common after ssh) still says the encoding.
    const char *name = getenv("LC_ALL");
    if (name == NULL || *name == 0) name = getenv("LC_CTYPE");
    if (name == NULL || *name == 0) name = getenv("LANG");
    if (name != NULL && (strcasestr(name, "utf-8") != NULL || strcasestr(name, "utf8") != NULL)) {
      setlocale(LC_CTYPE, "C.UTF-8");
    }
  }
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int ct_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

bool ct_has_entry(const char *name) {
  int status = 0;
  TERMINAL *kept = cur_term;
  bool found = setupterm(name, STDOUT_FILENO, &status) == OK;
  if (found && cur_term != NULL) del_curterm(cur_term);
  if (kept != NULL) set_curterm(kept);
  return found;
}

int ct_entry_colors(const char *name) {
  int status = 0;
  TERMINAL *kept = cur_term;
  if (setupterm(name, STDOUT_FILENO, &status) != OK) return 0;
  int colors = tigetnum("colors");
  if (cur_term != NULL) del_curterm(cur_term);
  if (kept != NULL) set_curterm(kept);
  return colors > 0 ? colors : 0;
}

/// Appends a capability of the entry without its padding marks `$<..>`.
static size_t append(char *to, size_t used, size_t size, const char *name) {
  const char *value = tigetstr((char *)name);
  if (value == NULL || value == (char *)-1) return used;
  while (*value != 0 && used < size) {
    if (value[0] == '$' && value[1] == '<') {
      const char *end = strchr(value, '>');
      if (end != NULL) {
        value = end + 1;
        continue;
      }
    }
    to[used++] = *value++;
  }
  return used;
}

static void prepare_restore(char *string, size_t size, size_t *length) {
  size_t used = 0;
  if (has_xterm_modes) {
    const char *modes =
        "\033[?2026l\033[?1006l\033[?1003l\033[?1002l\033[?1000l\033[?2004l";
    used = strlen(modes);
    memcpy(string, modes, used);
  }
  used = append(string, used, size, "sgr0");
  if (has_colors_on) used = append(string, used, size, "op");
  used = append(string, used, size, "cnorm");
  used = append(string, used, size, "rmkx");
  size_t before = used;
  used = append(string, used, size, "rmcup");
  // Without a second screen the shell's prompt must not land in the middle of a row.
  if (used == before && used + 2 < size) {
    string[used++] = '\r';
    string[used++] = '\n';
  }
  *length = used;
}

bool ct_open(const char *name, bool colors, bool xterm_modes) {
  if (is_open) return true;
  ct_stderr_catch();
  has_colors_on = colors;
  has_xterm_modes = xterm_modes;
  // Handlers before newterm: ncurses leaves alone what is not at its default.
  ct_signals_install("", 0);
  set_escdelay(25);
  screen = newterm((char *)name, stdout, stdin);
  if (screen == NULL) {
    ct_signals_remove();
    ct_stderr_release();
    return false;
  }
  set_term(screen);
  is_open = true;
  static bool registered;
  if (!registered) atexit(ct_close);
  registered = true;
  cbreak();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  if (colors && start_color() == OK) {
    use_default_colors();
  } else {
    has_colors_on = false;
  }
  leaveok(stdscr, FALSE);
  scrollok(stdscr, FALSE);
  idlok(stdscr, FALSE);
  ct_input = newpad(1, 1);
  keypad(ct_input, TRUE);
  nodelay(ct_input, TRUE);
  ct_define_keys();
  cursor_state = -1;
  send_modes(true);
  char string[512];
  size_t length;
  prepare_restore(string, sizeof string, &length);
  ct_signals_install(string, length);
  return true;
}

void ct_close(void) {
  if (!is_open) return;
  is_open = false;
  send_modes(false);
  mouse_on = false;
  curs_set(1);
  endwin();
  ct_signals_remove();
  ct_stderr_release();
}

int ct_columns(void) { return is_open ? getmaxx(stdscr) : 0; }
int ct_rows(void) { return is_open ? getmaxy(stdscr) : 0; }
int ct_colors(void) { return has_colors_on ? COLORS : 0; }

int ct_pair(int foreground, int background) {
  if (!has_colors_on || (foreground < 0 && background < 0)) return 0;
  int pair = alloc_pair(foreground, background);
  return pair < 0 ? 0 : pair;
}

static attr_t attributes_of(uint8_t bits) {
  attr_t result = A_NORMAL;
  if (bits & 1) result |= A_BOLD;
  if (bits & 2) result |= A_DIM;
  if (bits & 4) result |= A_UNDERLINE;
  if (bits & 8) result |= A_REVERSE;
  if (bits & 32) result |= A_ITALIC;
  return result;
}

void ct_draw(int y, int x, const ct_cell *cells, int count) {
  if (!is_open) return;
  enum { PART = 256 };
  cchar_t row[PART + 1];
  int filled = 0;
  int start = x;
  int advance = 0;
  for (int i = 0; i < count; i++) {
    uint32_t scalar = cells[i].scalar;
    int copies = 1;
    // The C library must agree about the width, or everything after would be shifted.
    bool usual = scalar < 0x7F || (scalar >= 0x2500 && scalar < 0x2900);
    if (!usual && wcwidth((wchar_t)scalar) != cells[i].span) {
      scalar = '?';
      copies = cells[i].span;
    }
    for (int copy = 0; copy < copies; copy++) {
      memset(&row[filled], 0, sizeof row[filled]);
      row[filled].attr = attributes_of(cells[i].attributes);
      row[filled].chars[0] = (wchar_t)scalar;
      row[filled].ext_color = cells[i].pair;
      filled++;
    }
    advance += cells[i].span;
    if (filled >= PART - 2 || i == count - 1) {
      mvwadd_wchnstr(stdscr, y, start, row, filled);
      start = x + advance;
      filled = 0;
    }
  }
}

void ct_flush(int y, int x, bool visible) {
  if (!is_open) return;
  int wanted = visible ? 1 : 0;
  if (cursor_state != wanted) {
    curs_set(wanted);
    cursor_state = wanted;
  }
  wmove(stdscr, y, x);
  wnoutrefresh(stdscr);
  doupdate();
}

void ct_forget(void) {
  if (is_open) clearok(curscr, TRUE);
}

bool ct_resize(void) {
  struct winsize size;
  if (!is_open || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return false;
  if (size.ws_col == 0 || size.ws_row == 0) return false;
  if (size.ws_col == getmaxx(stdscr) && size.ws_row == getmaxy(stdscr)) return false;
  resizeterm(size.ws_row, size.ws_col);
  return true;
}

void ct_mouse(bool on) {
  if (on == mouse_on || !has_xterm_modes) return;
  mouse_on = on;
  if (is_open) send(on ? MOUSE_ON : MOUSE_OFF);
}

void ct_suspend(void) {
  if (!is_open) return;
  send_modes(false);
  curs_set(1);
  endwin();
  ct_signals_stop();
  ct_resume();
}

void ct_resume(void) {
  if (!is_open) return;
  reset_prog_mode();
  send_modes(true);
  cursor_state = -1;
  ct_resize();
  clearok(curscr, TRUE);
  wnoutrefresh(stdscr);
  doupdate();
}
