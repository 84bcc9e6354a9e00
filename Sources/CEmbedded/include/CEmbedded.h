#ifndef CEMBEDDED_H
#define CEMBEDDED_H

#include <stddef.h>

/// A file compiled into the program: its name without folder or suffix, and its bytes.
typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t length;
} embedded_file;

/// Built-in scenarios and lessons (Sources/Scenarios/Library/NAME.yaml), in catalogue order.
size_t embedded_scenario_count(void);
embedded_file embedded_scenario(size_t index);

/// Bundled colour schemes (Themes/NAME.yaml), in the order in which the theme key walks them.
size_t embedded_theme_count(void);
embedded_file embedded_theme(size_t index);

#endif
