#include "CEmbedded.h"

// One line a file in each table. Tests compare the tables with the folders, so a forgotten line
// is found. The compiler notes embedded files as dependencies: editing one builds it in again.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ENTRY(id, title) {title, id, sizeof id}

// Scenarios and lessons, in catalogue order: an array here, an entry in the table below.
static const unsigned char scenario_add_replica[] = {
#embed "../Scenarios/Library/add-replica.yaml"
};
static const unsigned char scenario_default[] = {
#embed "../Scenarios/Library/default.yaml"
};
static const unsigned char scenario_partition[] = {
#embed "../Scenarios/Library/partition.yaml"
};
static const unsigned char scenario_kill_one[] = {
#embed "../Scenarios/Library/kill-one.yaml"
};
static const unsigned char scenario_cache_loss[] = {
#embed "../Scenarios/Library/cache-loss.yaml"
};
static const unsigned char scenario_sloppy_hints[] = {
#embed "../Scenarios/Library/sloppy-hints.yaml"
};
static const unsigned char scenario_read_repair_only[] = {
#embed "../Scenarios/Library/read-repair-only.yaml"
};
static const unsigned char scenario_anti_entropy_only[] = {
#embed "../Scenarios/Library/anti-entropy-only.yaml"
};
static const unsigned char scenario_one_way_cut[] = {
#embed "../Scenarios/Library/one-way-cut.yaml"
};
static const unsigned char scenario_raft_one_way[] = {
#embed "../Scenarios/Library/raft-one-way.yaml"
};
static const unsigned char scenario_shard_move[] = {
#embed "../Scenarios/Library/shard-move.yaml"
};
static const unsigned char scenario_shard_split[] = {
#embed "../Scenarios/Library/shard-split.yaml"
};
static const unsigned char scenario_federation[] = {
#embed "../Scenarios/Library/federation.yaml"
};
static const unsigned char scenario_scatter_gather[] = {
#embed "../Scenarios/Library/scatter-gather.yaml"
};
static const unsigned char scenario_raft_dc_outage[] = {
#embed "../Scenarios/Library/raft-dc-outage.yaml"
};
static const unsigned char scenario_global_write[] = {
#embed "../Scenarios/Library/global-write.yaml"
};
static const unsigned char scenario_bridge[] = {
#embed "../Scenarios/Library/bridge.yaml"
};
static const unsigned char scenario_skewed_clocks[] = {
#embed "../Scenarios/Library/skewed-clocks.yaml"
};
static const unsigned char scenario_failover_async[] = {
#embed "../Scenarios/Library/failover-async.yaml"
};
static const unsigned char scenario_semi_sync_fallback[] = {
#embed "../Scenarios/Library/semi-sync-fallback.yaml"
};
static const unsigned char scenario_split_brain[] = {
#embed "../Scenarios/Library/split-brain.yaml"
};
static const unsigned char scenario_multi_primary_conflict[] = {
#embed "../Scenarios/Library/multi-primary-conflict.yaml"
};
static const unsigned char scenario_gray_failure[] = {
#embed "../Scenarios/Library/gray-failure.yaml"
};
static const unsigned char scenario_slow_node[] = {
#embed "../Scenarios/Library/slow-node.yaml"
};
static const unsigned char scenario_lagging_replica[] = {
#embed "../Scenarios/Library/lagging-replica.yaml"
};
static const unsigned char scenario_lossy_links[] = {
#embed "../Scenarios/Library/lossy-links.yaml"
};
static const unsigned char scenario_hot_key[] = {
#embed "../Scenarios/Library/hot-key.yaml"
};
static const unsigned char scenario_bounded_cache[] = {
#embed "../Scenarios/Library/bounded-cache.yaml"
};
static const unsigned char scenario_web_tier[] = {
#embed "../Scenarios/Library/web-tier.yaml"
};
static const unsigned char scenario_slow_store_backs_up[] = {
#embed "../Scenarios/Library/slow-store-backs-up.yaml"
};
static const unsigned char scenario_split_key[] = {
#embed "../Scenarios/Library/split-key.yaml"
};
static const unsigned char scenario_thousand_nodes[] = {
#embed "../Scenarios/Library/thousand-nodes.yaml"
};
static const unsigned char scenario_stampede[] = {
#embed "../Scenarios/Library/stampede.yaml"
};
static const unsigned char scenario_cold_cache[] = {
#embed "../Scenarios/Library/cold-cache.yaml"
};
static const unsigned char scenario_write_back_loss[] = {
#embed "../Scenarios/Library/write-back-loss.yaml"
};
static const unsigned char scenario_burst_overload[] = {
#embed "../Scenarios/Library/burst-overload.yaml"
};
static const unsigned char scenario_retry_storm[] = {
#embed "../Scenarios/Library/retry-storm.yaml"
};
static const unsigned char scenario_rolling_restart[] = {
#embed "../Scenarios/Library/rolling-restart.yaml"
};
static const unsigned char scenario_join_under_load[] = {
#embed "../Scenarios/Library/join-under-load.yaml"
};
static const unsigned char scenario_dc_outage[] = {
#embed "../Scenarios/Library/dc-outage.yaml"
};
static const unsigned char scenario_partition_cost[] = {
#embed "../Scenarios/Library/partition-cost.yaml"
};
static const unsigned char scenario_read_write_back[] = {
#embed "../Scenarios/Library/read-write-back.yaml"
};
static const unsigned char scenario_wars[] = {
#embed "../Scenarios/Library/wars.yaml"
};

static const embedded_file scenarios[] = {
    ENTRY(scenario_default, "default"),
    ENTRY(scenario_partition, "partition"),
    ENTRY(scenario_kill_one, "kill-one"),
    ENTRY(scenario_cache_loss, "cache-loss"),
    ENTRY(scenario_sloppy_hints, "sloppy-hints"),
    ENTRY(scenario_read_repair_only, "read-repair-only"),
    ENTRY(scenario_add_replica, "add-replica"),
    ENTRY(scenario_anti_entropy_only, "anti-entropy-only"),
    ENTRY(scenario_one_way_cut, "one-way-cut"),
    ENTRY(scenario_raft_one_way, "raft-one-way"),
    ENTRY(scenario_raft_dc_outage, "raft-dc-outage"),
    ENTRY(scenario_scatter_gather, "scatter-gather"),
    ENTRY(scenario_federation, "federation"),
    ENTRY(scenario_shard_move, "shard-move"),
    ENTRY(scenario_shard_split, "shard-split"),
    ENTRY(scenario_global_write, "global-write"),
    ENTRY(scenario_bridge, "bridge"),
    ENTRY(scenario_skewed_clocks, "skewed-clocks"),
    ENTRY(scenario_failover_async, "failover-async"),
    ENTRY(scenario_semi_sync_fallback, "semi-sync-fallback"),
    ENTRY(scenario_split_brain, "split-brain"),
    ENTRY(scenario_multi_primary_conflict, "multi-primary-conflict"),
    ENTRY(scenario_gray_failure, "gray-failure"),
    ENTRY(scenario_slow_node, "slow-node"),
    ENTRY(scenario_lagging_replica, "lagging-replica"),
    ENTRY(scenario_lossy_links, "lossy-links"),
    ENTRY(scenario_hot_key, "hot-key"),
    ENTRY(scenario_bounded_cache, "bounded-cache"),
    ENTRY(scenario_web_tier, "web-tier"),
    ENTRY(scenario_slow_store_backs_up, "slow-store-backs-up"),
    ENTRY(scenario_split_key, "split-key"),
    ENTRY(scenario_stampede, "stampede"),
    ENTRY(scenario_cold_cache, "cold-cache"),
    ENTRY(scenario_write_back_loss, "write-back-loss"),
    ENTRY(scenario_burst_overload, "burst-overload"),
    ENTRY(scenario_retry_storm, "retry-storm"),
    ENTRY(scenario_rolling_restart, "rolling-restart"),
    ENTRY(scenario_thousand_nodes, "thousand-nodes"),
    ENTRY(scenario_join_under_load, "join-under-load"),
    ENTRY(scenario_dc_outage, "dc-outage"),
    ENTRY(scenario_partition_cost, "partition-cost"),
    ENTRY(scenario_read_write_back, "read-write-back"),
    ENTRY(scenario_wars, "wars"),
    {0, 0, 0},
};

// Themes, in the order of the theme key.
static const unsigned char dark[] = {
#embed "../../Themes/dark.yaml"
};
static const unsigned char light[] = {
#embed "../../Themes/light.yaml"
};
static const unsigned char high_contrast[] = {
#embed "../../Themes/high-contrast.yaml"
};
static const unsigned char colour_blind_safe[] = {
#embed "../../Themes/colour-blind-safe.yaml"
};
static const unsigned char mono[] = {
#embed "../../Themes/mono.yaml"
};
static const unsigned char gruvbox_dark_hard[] = {
#embed "../../Themes/gruvbox-dark-hard.yaml"
};
static const unsigned char nord[] = {
#embed "../../Themes/nord.yaml"
};
static const unsigned char solarized_dark[] = {
#embed "../../Themes/solarized-dark.yaml"
};
static const unsigned char solarized_light[] = {
#embed "../../Themes/solarized-light.yaml"
};
static const unsigned char dracula[] = {
#embed "../../Themes/dracula.yaml"
};
static const unsigned char catppuccin_mocha[] = {
#embed "../../Themes/catppuccin-mocha.yaml"
};

static const embedded_file themes[] = {
    ENTRY(dark, "dark"),
    ENTRY(light, "light"),
    ENTRY(high_contrast, "high-contrast"),
    ENTRY(colour_blind_safe, "colour-blind-safe"),
    ENTRY(mono, "mono"),
    ENTRY(gruvbox_dark_hard, "gruvbox-dark-hard"),
    ENTRY(nord, "nord"),
    ENTRY(solarized_dark, "solarized-dark"),
    ENTRY(solarized_light, "solarized-light"),
    ENTRY(dracula, "dracula"),
    ENTRY(catppuccin_mocha, "catppuccin-mocha"),
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
