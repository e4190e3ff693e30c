import { useEffect, useRef, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { CheckTemplateDocument } from "../documents/generated/operations.ts";
import type { Drafted } from "./drafted.ts";
import { pagesOf, type ShownPage } from "./pdf_pages.ts";

export type Problem = { path: string; reason: string; details?: { bound?: number } | null };

/** What the API says of a draft as it is written: what is wrong at which path, or what it looks like. */
export type Preview = {
  problems: Problem[];
  pages: { shown: ShownPage[]; total: number } | null;
  failure: Failure | null;
  isAsking: boolean;
};

const nothing: Preview = { problems: [], pages: null, failure: null, isAsking: true };

/**
 * Asks a moment after the last change, one question at a time: a document is dear to render, so what a later change overtook is
 * not asked. The pages of the last sound draft stay until there are new ones.
 */
export function usePreview(
  client: Client,
  clinic: UUID,
  drafted: Drafted,
  /** The record whose data it shows; null: samples. */
  sample: UUID | null,
  offline: string,
): Preview {
  const [preview, setPreview] = useState(nothing);
  const running = useRef(Promise.resolve());
  const { kind, locale, state, layout } = drafted;
  const text = JSON.stringify([kind, locale, state, layout, sample]);
  useEffect(() => {
    const leaving = new AbortController();
    setPreview((before) => ({ ...before, isAsking: true }));
    const timer = setTimeout(() => {
      running.current = running.current
        .catch(() => undefined)
        .then(async () => {
          if (leaving.signal.aborted) return;
          const next = await ask(client, clinic, drafted, sample, offline, leaving.signal);
          if (!leaving.signal.aborted)
            setPreview((before) => ({ ...next, pages: next.pages ?? before.pages }));
        });
    }, 500);
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [client, clinic, text, offline]);
  return preview;
}

async function ask(
  client: Client,
  clinic: UUID,
  { kind, locale, state, layout, isComponent }: Drafted,
  sample: UUID | null,
  offline: string,
  signal: AbortSignal,
): Promise<Preview> {
  const answered = { ...nothing, isAsking: false };
  try {
    const { checkPdfTemplate } = await client.ask(
      CheckTemplateDocument,
      { clinic, kind, state, layout },
      { signal },
    );
    const problems = checkPdfTemplate as Problem[];
    if (problems.length > 0) return { ...answered, problems };
    const pdf = await client.previewTemplate(
      {
        organizationId: clinic,
        // A component is looked at alone, as what a report says.
        kind: isComponent ? "report" : (kind as "report"),
        editorState: state,
        layoutConfig: layout,
        locale,
        sample,
      },
      { signal },
    );
    return { ...answered, pages: await pagesOf(await pdf.arrayBuffer()) };
  } catch (error) {
    if (signal.aborted) return nothing;
    return { ...answered, failure: failureOf(error, offline) };
  }
}
