#ifndef CNCURSES_H
#define CNCURSES_H

// What Swift cannot say of ncurses: globals, macros, signal handlers. One terminal a process, one
// thread.

#include <stdbool.h>
#include <stdint.h>

/// One character to show. `pair` is a colour pair of `ct_pair`; `span` its columns.
typedef struct {
  uint32_t scalar;
  int32_t pair;
  uint8_t attributes;  // Bits as in CellUI's Attributes.
  uint8_t span;  // columns: 1 or 2
  uint16_t unused;
} ct_cell;

/// What came in. `kind` says which of the other fields count.
typedef enum {
  CT_NOTHING,
  CT_CHARACTER,  // value: a scalar
  CT_KEY,        // value: one of ct_key
  CT_CLICK,      // x, y
  CT_WHEEL_UP,
  CT_WHEEL_DOWN,
  CT_PASTE_BEGIN,
  CT_PASTE_END,
} ct_event_kind;

typedef enum {
  CT_UP,
  CT_DOWN,
  CT_LEFT,
  CT_RIGHT,
  CT_HOME,
  CT_END,
  CT_PAGE_UP,
  CT_PAGE_DOWN,
  CT_INSERT,
  CT_DELETE,
  CT_BACKSPACE,
  CT_BACK_TAB,
  CT_ENTER,
  CT_F1 = 101,  // CT_F1 + 11 is F12.
} ct_key;

typedef struct {
  ct_event_kind kind;
  int32_t value;
  int32_t x;
  int32_t y;
} ct_event;

/// Bits of ct_take_flags.
enum { CT_RESIZED = 1, CT_STOP = 2, CT_CONTINUED = 4 };

// --- The screen (screen.c) ---

/// Sets the character set from the environment. True if it is UTF-8.
bool ct_locale(void);
/// Columns that the C library gives a scalar; -1 if it knows none.
int ct_width(uint32_t scalar);
/// True if the terminal database has an entry of this name.
bool ct_has_entry(const char *name);
/// Colours that an entry of the database promises, without taking the screen; 0 if none.
int ct_entry_colors(const char *name);
/// Takes the screen with this terminfo entry. False if ncurses cannot use it.
bool ct_open(const char *name, bool colors, bool xterm_modes);
/// Gives the screen back and prints what was written to stderr meanwhile. May be called twice.
void ct_close(void);
int ct_columns(void);
int ct_rows(void);
/// Colours of the entry: 0 (none), 8, 16, 256, ..., 1 << 24.
int ct_colors(void);
/// The pair for two colours, -1 being the terminal's own. 0 if there are no more.
int ct_pair(int foreground, int background);
/// Puts `count` characters from a column of a row on; ncurses compares and keeps it until flush.
void ct_draw(int y, int x, const ct_cell *cells, int count);
/// Sends what changed, then leaves the cursor there.
void ct_flush(int y, int x, bool visible);
/// Everything is sent again at the next flush.
void ct_forget(void);
/// Takes the new size from the kernel. True if it differs from the one before.
bool ct_resize(void);
void ct_mouse(bool on);
/// Stops the process as ^Z does; returns when it goes on and the screen is taken again.
void ct_suspend(void);
/// Takes the screen again after a stop that was not our own.
void ct_resume(void);

// --- Keys (keys.c) ---

/// The next thing typed, without waiting.
ct_event ct_read(void);
/// Waits for input or a signal: at most `milliseconds`, -1 for ever. False if the input has ended.
bool ct_wait(int milliseconds);
/// True if something is typed within that time; signals do not count.
bool ct_input_ready(int milliseconds);

// --- Signals (signals.c) ---

/// INT, TERM, HUP or QUIT, if one came; else 0.
int ct_pending_signal(void);
/// Records a signal as if it had come.
void ct_set_pending_signal(int number);
/// What happened since the last call, and forgets it.
int ct_take_flags(void);

#endif
