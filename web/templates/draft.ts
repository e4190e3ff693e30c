import { useMemo, useState } from "preact/hooks";
import { keptInTab } from "../components/kept.ts";
import type { Drafted } from "./drafted.ts";
import { isSame } from "./same.ts";

/**
 * What somebody writes into a template, kept while the tab is open: going back and loading the page again lose nothing. It is
 * forgotten once it is saved, and where it says what is saved. With it is kept the revision that was read, which the save names.
 */
export function useDraft(name: string, saved: Drafted, revision: number) {
  const kept = useMemo(() => keptInTab<{ drafted: Drafted; revision: number }>(name), [name]);
  const [read, setRead] = useState(() => kept.read().revision ?? revision);
  const [drafted, setDrafted] = useState<Drafted>(() => kept.read().drafted ?? saved);
  const isChanged = !isSame(drafted, saved);
  return {
    drafted,
    revision: read,
    isChanged,
    /** Whether this was written before the page was opened. */
    wasKept: useMemo(() => kept.read().drafted !== undefined, [kept]),
    change(changed: Partial<Drafted>) {
      const next = { ...drafted, ...changed };
      if (isSame(next, saved)) kept.forget();
      else kept.write({ drafted: next, revision: read });
      setDrafted(next);
    },
    /** What is drafted is saved, as this revision. */
    wasSaved(as: number) {
      kept.forget();
      setRead(as);
    },
    takeBack() {
      kept.forget();
      setDrafted(saved);
      setRead(revision);
    },
  };
}
