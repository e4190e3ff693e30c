/** How long a page waits before it listens again where the API would not let it. */
const AGAIN_MS = 30_000;

/**
 * Hears which days of a calendar may have other times by now (SCH-07); null where any may. The browser takes the line up again by
 * itself, from where it broke off; where the API refused it, the page tries again later, and goes on without meanwhile.
 */
export function listen(calendar: string, onChanged: (days: string[] | null) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout>;
  const open = (isFirst: boolean): void => {
    source = new EventSource(`/v1/public/availability/live?calendar=${encodeURIComponent(calendar)}`);
    // What changed while nobody listened is not told.
    source.addEventListener("ready", () => isFirst || onChanged(null), { once: true });
    source.addEventListener("changed", ({ data }) =>
      onChanged((JSON.parse(data) as { days: string[] | null }).days),
    );
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, AGAIN_MS * (0.5 + Math.random()), false);
    });
  };
  open(true);
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
