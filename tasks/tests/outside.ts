import type { Outside } from "../task.ts";

/** The outside as far as a task needs it; whatever else it reaches for fails by name. */
export function outside(there: Partial<Outside>): Outside {
  return new Proxy(there, {
    get(target, name) {
      if (name in target) return target[name as keyof Outside];
      throw new Error(`this test gave the task no ${String(name)}`);
    },
  }) as Outside;
}
