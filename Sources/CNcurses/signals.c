// Signals and what must be undone when the process dies.
//
// ncurses' endwin() is not safe in a handler, and Swift's own crash reporter waits for a key with
// the terminal still in our hands (terminal.md). So everything a handler needs is prepared
// beforehand: one string, the saved line settings, a pipe.

#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

static const int polite[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static const int other[] = {SIGWINCH, SIGTSTP, SIGCONT};
static const int fatal[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGSYS};
#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static volatile sig_atomic_t pending;
static volatile sig_atomic_t flags;
static volatile sig_atomic_t installed;
static int wake[2] = {-1, -1};

static char restore[512];
static size_t restore_length;
static struct termios saved_line;
static bool line_saved;

static int caught_file = -1;  // what was written to stderr while the screen was up
static int real_stderr = -1;

static char alternate_stack[64 * 1024];
static struct sigaction before[NSIG];

static void write_all(int file, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(file, bytes, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    length -= (size_t)written;
  }
}

static void print_caught(void) {
  if (caught_file < 0 || real_stderr < 0) return;
  dup2(real_stderr, STDERR_FILENO);
  if (lseek(caught_file, 0, SEEK_SET) == 0) {
    char part[1024];
    ssize_t count;
    while ((count = read(caught_file, part, sizeof part)) > 0) {
      write_all(STDERR_FILENO, part, (size_t)count);
    }
  }
}

/// Gives the terminal back with nothing but calls that handlers may make, then dies of `number`.
static void die(int number) {
  write_all(STDOUT_FILENO, restore, restore_length);
  if (line_saved) tcsetattr(STDIN_FILENO, TCSANOW, &saved_line);
  print_caught();
  signal(number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  raise(number);
  sigprocmask(SIG_UNBLOCK, &only, NULL);
}

static void on_fatal(int number) { die(number); }

static void on_signal(int number) {
  int kept = errno;
  switch (number) {
    case SIGWINCH: flags |= CT_RESIZED; break;
    case SIGTSTP: flags |= CT_STOP; break;
    case SIGCONT: flags |= CT_CONTINUED; break;
    default:
      // A second one while the first still waits means that the program is stuck.
      if (pending == number) die(number);
      if (pending == 0) pending = number;
  }
  if (wake[1] >= 0) {
    ssize_t ignored = write(wake[1], "!", 1);
    (void)ignored;
  }
  errno = kept;
}

static void install(int number, void (*handler)(int), int more) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = more;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, &before[number]);
}

void ct_signals_install(const char *string, size_t length) {
  restore_length = length < sizeof restore ? length : sizeof restore;
  memcpy(restore, string, restore_length);
  if (installed) return;
  line_saved = tcgetattr(STDIN_FILENO, &saved_line) == 0;
  if (wake[0] < 0 && pipe2(wake, O_NONBLOCK | O_CLOEXEC) != 0) wake[0] = wake[1] = -1;
  stack_t stack;
  memset(&stack, 0, sizeof stack);
  stack.ss_sp = alternate_stack;
  stack.ss_size = sizeof alternate_stack;
  sigaltstack(&stack, NULL);
  for (size_t i = 0; i < LENGTH(polite); i++) {
    // nohup and background jobs of simple shells ignore some; that stays so.
    struct sigaction now;
    if (sigaction(polite[i], NULL, &now) == 0 && now.sa_handler == SIG_IGN) {
      before[polite[i]] = now;
      continue;
    }
    install(polite[i], on_signal, SA_RESTART);
  }
  for (size_t i = 0; i < LENGTH(other); i++) install(other[i], on_signal, SA_RESTART);
  for (size_t i = 0; i < LENGTH(fatal); i++) {
    install(fatal[i], on_fatal, (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER));
  }
  installed = 1;
}

void ct_signals_remove(void) {
  if (!installed) return;
  installed = 0;
  for (size_t i = 0; i < LENGTH(polite); i++) sigaction(polite[i], &before[polite[i]], NULL);
  for (size_t i = 0; i < LENGTH(other); i++) sigaction(other[i], &before[other[i]], NULL);
  // The fatal ones stay ours: their line settings and the string are still right, and Swift's
  // handlers would ask for a key.
  restore_length = 0;
}

int ct_signals_pipe(void) { return wake[0]; }

void ct_signals_stop(void) {
  struct sigaction kept;
  struct sigaction standard;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  sigemptyset(&standard.sa_mask);
  sigaction(SIGTSTP, &standard, &kept);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &kept, NULL);
  // Its own continuation needs no second redrawing.
  flags &= ~(CT_CONTINUED | CT_STOP);
}

int ct_pending_signal(void) { return pending; }
void ct_set_pending_signal(int number) {
  if (pending == 0) pending = number;
}

int ct_take_flags(void) {
  if (flags == 0) return 0;
  sigset_t all;
  sigset_t kept;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &kept);
  int taken = flags;
  flags = 0;
  sigprocmask(SIG_SETMASK, &kept, NULL);
  return taken;
}

void ct_stderr_catch(void) {
  // Sent elsewhere already: nothing of it can disturb the screen.
  if (caught_file >= 0 || !isatty(STDERR_FILENO)) return;
  caught_file = memfd_create("clustertop-stderr", MFD_CLOEXEC);
  if (caught_file < 0) return;
  real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  dup2(caught_file, STDERR_FILENO);
}

void ct_stderr_release(void) {
  if (caught_file < 0) return;
  print_caught();
  close(caught_file);
  close(real_stderr);
  caught_file = real_stderr = -1;
}
