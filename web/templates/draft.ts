import { useMemo, useState } from "preact/hooks";
import { keptInTab } from "../components/kept.ts";
import type { Drafted } from "./drafted.ts";
import { isSame } from "./same.ts";

/**
 * What somebody writes into a template, kept while the tab is open: going back and loading the page again lose nothing. It is
 * forgotten once it is saved, and where it says what is saved.
 */
export function useDraft(name: string, saved: Drafted) {
  const kept = useMemo(() => keptInTab<{ drafted: Drafted }>(name), [name]);
  const [drafted, setDrafted] = useState<Drafted>(() => kept.read().drafted ?? saved);
  const isChanged = !isSame(drafted, saved);
  return {
    drafted,
    isChanged,
    /** Whether this was written before the page was opened. */
    wasKept: useMemo(() => kept.read().drafted !== undefined, [kept]),
    change(changed: Partial<Drafted>) {
      const next = { ...drafted, ...changed };
      if (isSame(next, saved)) kept.forget();
      else kept.write({ drafted: next });
      setDrafted(next);
    },
    forget: () => kept.forget(),
    takeBack() {
      kept.forget();
      setDrafted(saved);
    },
  };
}
