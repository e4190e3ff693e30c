/**
 * Calls `stop` once when this process is told to stop: by a signal, or because the shell that npm put between itself
 * and us is gone, which dies of the signal that npm passes on and tells us nothing. Answers with what calls it off.
 */
export function onStop(stop: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const told = () => {
    callOff();
    stop();
  };
  const parent = process.ppid;
  const watch = process.env.npm_lifecycle_event
    ? setInterval(() => process.ppid !== parent && told(), 250).unref()
    : undefined;
  const callOff = () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, told);
  };
  for (const signal of signals) process.on(signal, told);
  return callOff;
}

/** Waits until this process is told to stop. */
export function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    onStop(resolve);
  });
}
