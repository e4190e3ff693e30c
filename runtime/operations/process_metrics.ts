import { collectDefaultMetrics, Gauge, Registry } from "@prometheus-io/client";

/** How many connections a pool has: open, idle, and callers that wait for one. */
export type ConnectionCounts = { totalCount: number; idleCount: number; waitingCount: number };

/**
 * A registry with what every process tells of itself (FND-28): CPU, memory, event loop, garbage collection,
 * and its database connections. Labels are names of ours (routes, tasks, states), never anything of a caller.
 */
export function processMetrics(process: "api" | "worker" | "telemetry", pool: ConnectionCounts): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "restartix_database_connections",
    help: "Connections of this process: open, idle, and callers that wait for one.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      this.set({ state: "open" }, pool.totalCount);
      this.set({ state: "idle" }, pool.idleCount);
      this.set({ state: "waiting" }, pool.waitingCount);
    },
  });
  return registry;
}
