#include "CEmbedded.h"

// One line a file in each table. Tests compare the tables with the folders, so a forgotten line
// is found. The compiler notes embedded files as dependencies: editing one builds it in again.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ENTRY(id, title) {title, id, sizeof id}

// Scenarios and lessons, in catalogue order: an array here, an entry in the table below.
// static const unsigned char first_read[] = {
// #embed "../Scenarios/Library/first-read.yaml"
// };

static const embedded_file scenarios[] = {
    // ENTRY(first_read, "first-read"),
    {0, 0, 0},
};

// Themes, in the order of the theme key.
static const unsigned char dark[] = {
#embed "../../Themes/dark.yaml"
};

static const embedded_file themes[] = {
    ENTRY(dark, "dark"),
    {0, 0, 0},
};

// The last entry of each table is the empty one that keeps it legal when nothing else is in it.
size_t embedded_scenario_count(void) { return COUNT(scenarios) - 1; }
embedded_file embedded_scenario(size_t index) {
  return scenarios[index < COUNT(scenarios) ? index : COUNT(scenarios) - 1];
}

size_t embedded_theme_count(void) { return COUNT(themes) - 1; }
embedded_file embedded_theme(size_t index) {
  return themes[index < COUNT(themes) ? index : COUNT(themes) - 1];
}
