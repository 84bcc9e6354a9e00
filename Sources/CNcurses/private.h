#ifndef CT_PRIVATE_H
#define CT_PRIVATE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#define NCURSES_WIDECHAR 1

#include <curses.h>
#include <stddef.h>
#include <term.h>

#include "CNcurses.h"

// Codes of our own for define_key, above all of ncurses'.
enum {
  CT_CODE_PASTE_BEGIN = KEY_MAX + 1,
  CT_CODE_PASTE_END,
  CT_CODE_MOUSE,
  CT_CODE_OLD_MOUSE,
};

/// A one-cell pad: reading from it never redraws the screen.
extern WINDOW *ct_input;

/// What undoes everything we switched on, for the handlers: `length` bytes, fixed before they are
/// installed.
void ct_signals_install(const char *restore, size_t length);
void ct_signals_remove(void);
/// The read end of the pipe into which handlers write.
int ct_signals_pipe(void);
/// Puts TSTP back to its default and stops the process; returns when it goes on.
void ct_signals_stop(void);
/// stderr goes to a file in memory until `ct_stderr_release` prints it.
void ct_stderr_catch(void);
void ct_stderr_release(void);
void ct_define_keys(void);

#endif
