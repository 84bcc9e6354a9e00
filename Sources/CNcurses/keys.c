// Keys: what ncurses reports, and sequences it must be taught because terminals disagree.

#include "private.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>
#include <wchar.h>

typedef struct {
  const char *sequence;
  int code;
} definition;

// The switched and the plain form of each, the numbered forms of rxvt, PuTTY, linux and vt220.
// htop's CRT.c keeps the same list for the same reason.
static const definition definitions[] = {
    {"\033[A", KEY_UP},        {"\033OA", KEY_UP},        {"\033[B", KEY_DOWN},
    {"\033OB", KEY_DOWN},      {"\033[C", KEY_RIGHT},     {"\033OC", KEY_RIGHT},
    {"\033[D", KEY_LEFT},      {"\033OD", KEY_LEFT},      {"\033[H", KEY_HOME},
    {"\033OH", KEY_HOME},      {"\033[1~", KEY_HOME},     {"\033[7~", KEY_HOME},
    {"\033[F", KEY_END},       {"\033OF", KEY_END},       {"\033[4~", KEY_END},
    {"\033[8~", KEY_END},      {"\033[2~", KEY_IC},       {"\033[3~", KEY_DC},
    {"\033[5~", KEY_PPAGE},    {"\033[6~", KEY_NPAGE},    {"\033[Z", KEY_BTAB},
    {"\033OM", KEY_ENTER},     {"\033OP", KEY_F(1)},      {"\033OQ", KEY_F(2)},
    {"\033OR", KEY_F(3)},      {"\033OS", KEY_F(4)},      {"\033[P", KEY_F(1)},
    {"\033[Q", KEY_F(2)},      {"\033[R", KEY_F(3)},      {"\033[S", KEY_F(4)},
    {"\033[11~", KEY_F(1)},    {"\033[12~", KEY_F(2)},    {"\033[13~", KEY_F(3)},
    {"\033[14~", KEY_F(4)},    {"\033[[A", KEY_F(1)},     {"\033[[B", KEY_F(2)},
    {"\033[[C", KEY_F(3)},     {"\033[[D", KEY_F(4)},     {"\033[[E", KEY_F(5)},
    {"\033[15~", KEY_F(5)},    {"\033[17~", KEY_F(6)},    {"\033[18~", KEY_F(7)},
    {"\033[19~", KEY_F(8)},    {"\033[20~", KEY_F(9)},    {"\033[21~", KEY_F(10)},
    {"\033[23~", KEY_F(11)},   {"\033[24~", KEY_F(12)},   {"\033[200~", CT_CODE_PASTE_BEGIN},
    {"\033[201~", CT_CODE_PASTE_END},
    {"\033[<", CT_CODE_MOUSE},
    {"\033[M", CT_CODE_OLD_MOUSE},
};

void ct_define_keys(void) {
  for (size_t i = 0; i < sizeof definitions / sizeof definitions[0]; i++) {
    define_key(definitions[i].sequence, definitions[i].code);
  }
  // With a modifier (2 Shift to 8 all): the same as without.
  static const definition arrows[] = {
      {"A", KEY_UP},   {"B", KEY_DOWN}, {"C", KEY_RIGHT},
      {"D", KEY_LEFT}, {"H", KEY_HOME}, {"F", KEY_END},
  };
  for (int modifier = 2; modifier <= 8; modifier++) {
    for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++) {
      char sequence[16];
      snprintf(sequence, sizeof sequence, "\033[1;%d%s", modifier, arrows[i].sequence);
      define_key(sequence, arrows[i].code);
    }
  }
}

static int plain_key(int code) {
  switch (code) {
    case KEY_UP: case KEY_SR: return CT_UP;
    case KEY_DOWN: case KEY_SF: return CT_DOWN;
    case KEY_LEFT: case KEY_SLEFT: return CT_LEFT;
    case KEY_RIGHT: case KEY_SRIGHT: return CT_RIGHT;
    case KEY_HOME: case KEY_SHOME: case KEY_FIND: case KEY_A1: return CT_HOME;
    case KEY_END: case KEY_SEND: case KEY_SELECT: case KEY_C1: return CT_END;
    case KEY_PPAGE: case KEY_A3: return CT_PAGE_UP;
    case KEY_NPAGE: case KEY_C3: return CT_PAGE_DOWN;
    case KEY_IC: return CT_INSERT;
    case KEY_DC: return CT_DELETE;
    case KEY_BACKSPACE: return CT_BACKSPACE;
    case KEY_BTAB: return CT_BACK_TAB;
    case KEY_ENTER: return CT_ENTER;
    default: break;
  }
  if (code >= KEY_F(1) && code <= KEY_F(12)) return CT_F1 + (code - KEY_F(1));
  return -1;
}

/// The next scalar of a sequence whose beginning has been read; its rest may come a little later.
static bool next_part(wint_t *value) {
  if (wget_wch(ct_input, value) == OK) return true;
  return ct_input_ready(50) && wget_wch(ct_input, value) == OK;
}

static ct_event mouse_event(int button, int x, int y) {
  ct_event event = {CT_NOTHING, 0, x - 1, y - 1};
  if (x < 1 || y < 1) return event;
  // Shift, Meta and Control make no difference (4, 8, 16); movement (32), other buttons and the
  // wheel's drift to the sides (66, 67) are nothing.
  switch (button & ~(4 | 8 | 16)) {
    case 0: event.kind = CT_CLICK; break;
    case 64: event.kind = CT_WHEEL_UP; break;
    case 65: event.kind = CT_WHEEL_DOWN; break;
    default: break;
  }
  return event;
}

/// The rest of `ESC [ < button ; x ; y M`, with m for a release. Read here and not by ncurses
/// 6.4, which takes a drift of the wheel for a right click and, when an event is not wanted,
/// waits for the next one even if told never to wait.
static ct_event read_mouse(void) {
  ct_event nothing = {CT_NOTHING, 0, 0, 0};
  int numbers[3] = {0, 0, 0};
  int index = 0;
  for (int i = 0; i < 24; i++) {
    wint_t next;
    if (!next_part(&next)) return nothing;
    if (next >= '0' && next <= '9') {
      if (numbers[index] < 100000) numbers[index] = numbers[index] * 10 + (int)(next - '0');
    } else if (next == ';' && index < 2) {
      index++;
    } else {
      if (next != 'M' || index != 2) return nothing;
      return mouse_event(numbers[0], numbers[1], numbers[2]);
    }
  }
  return nothing;
}

/// The three characters after `ESC [ M` of terminals that know only the old way.
static ct_event read_old_mouse(void) {
  ct_event nothing = {CT_NOTHING, 0, 0, 0};
  wint_t part[3];
  for (int i = 0; i < 3; i++) {
    if (!next_part(&part[i])) return nothing;
  }
  return mouse_event((int)part[0] - 32, (int)part[1] - 32, (int)part[2] - 32);
}

/// True if the sequence that began with ESC was one we do not know, and has been read to its end.
/// Its letters must not act as keys: an unknown ESC [ 1 K would kill a node.
static bool swallow_sequence(void) {
  wint_t next;
  if (wget_wch(ct_input, &next) != OK) return false;
  if (next != '[' && next != 'O' && next != ']' && next != 'P') {
    // ESC and a key in one go: both count.
    unget_wch((wchar_t)next);
    return false;
  }
  wint_t introducer = next;
  bool any = false;
  for (int i = 0; i < 4096; i++) {
    if (!next_part(&next)) break;
    any = true;
    if (introducer == ']' || introducer == 'P') {
      // A string ends with BEL or ESC \.
      if (next == 7) return true;
      if (next == 27) {
        if (next_part(&next) && next != '\\') unget_wch((wchar_t)next);
        return true;
      }
    } else if (next >= 0x40 && next <= 0x7E) {
      return true;
    }
  }
  if (!any) unget_wch((wchar_t)introducer);
  return any;
}

ct_event ct_read(void) {
  ct_event event = {CT_NOTHING, 0, 0, 0};
  for (int tries = 0; tries < 64; tries++) {
    wint_t value = 0;
    int result = wget_wch(ct_input, &value);
    if (result == ERR) return event;
    if (result == OK) {
      if (value == 27 && swallow_sequence()) continue;
      event.kind = CT_CHARACTER;
      event.value = (int32_t)value;
      return event;
    }
    if (value == CT_CODE_MOUSE || value == CT_CODE_OLD_MOUSE) {
      event = value == CT_CODE_MOUSE ? read_mouse() : read_old_mouse();
      if (event.kind != CT_NOTHING) return event;
      continue;
    }
    if (value == CT_CODE_PASTE_BEGIN || value == CT_CODE_PASTE_END) {
      event.kind = value == CT_CODE_PASTE_BEGIN ? CT_PASTE_BEGIN : CT_PASTE_END;
      return event;
    }
    int key = plain_key((int)value);
    if (key >= 0) {
      event.kind = CT_KEY;
      event.value = key;
      return event;
    }
  }
  return event;
}

bool ct_wait(int milliseconds) {
  struct pollfd files[2] = {
      {STDIN_FILENO, POLLIN, 0},
      {ct_signals_pipe(), POLLIN, 0},
  };
  int count = poll(files, files[1].fd >= 0 ? 2 : 1, milliseconds);
  if (count <= 0) return true;
  if (files[1].revents & POLLIN) {
    char drained[64];
    while (read(files[1].fd, drained, sizeof drained) > 0) {}
  }
  // A terminal that has gone away reports an end of input for ever.
  return (files[0].revents & (POLLHUP | POLLERR | POLLNVAL)) == 0;
}

bool ct_input_ready(int milliseconds) {
  struct pollfd file = {STDIN_FILENO, POLLIN, 0};
  return poll(&file, 1, milliseconds) > 0 && (file.revents & POLLIN) != 0;
}
