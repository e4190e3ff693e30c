/** Takes a permit to work; resolves with what gives it back, or with null when none is to be had in time. */
export type Permits = (who: string) => Promise<(() => void) | null>;

/**
 * Limits how many things each caller does at once: as many as there are permits; what comes on top waits in line, and
 * what would wait too long is refused. So sixty requests that wait for the same lock occupy a few connections, not all
 * of them (FND-27).
 */
export function createPermits({
  atOnce,
  waiting,
  patienceMs,
}: {
  atOnce: number;
  waiting: number;
  patienceMs: number;
}): Permits {
  type Line = { running: number; line: (() => void)[] };
  const callers = new Map<string, Line>();

  return (who) => {
    const caller = callers.get(who) ?? { running: 0, line: [] };
    callers.set(who, caller);

    const giveBack = (): void => {
      const next = caller.line.shift();
      if (next) next();
      else caller.running -= 1;
      if (caller.running === 0) callers.delete(who);
    };
    const once = (): (() => void) => {
      let isBack = false;
      return () => {
        if (!isBack) giveBack();
        isBack = true;
      };
    };

    if (caller.running < atOnce) {
      caller.running += 1;
      return Promise.resolve(once());
    }
    if (caller.line.length >= waiting) return Promise.resolve(null);
    return new Promise((resolve) => {
      const called = (): void => {
        clearTimeout(patience);
        resolve(once());
      };
      const patience = setTimeout(() => {
        caller.line.splice(caller.line.indexOf(called), 1);
        resolve(null);
      }, patienceMs);
      caller.line.push(called);
    });
  };
}
