import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { templateTexts } from "../texts/templates/index.ts";
import type { Preview } from "./live.ts";
import type { ShownPage } from "./pdf_pages.ts";

/** The draft as the document that it makes, page by page. */
export function PreviewPane({
  preview: { pages, problems, failure, isAsking },
  isOfRecord,
  children,
}: {
  preview: Preview;
  /** With the data of somebody, not with samples. */
  isOfRecord: boolean;
  children: ComponentChildren;
}) {
  const say = useTexts(templateTexts);
  const ready = isOfRecord ? "preview_of_record" : "preview_ready";
  const state = problems.length > 0 ? "preview_stopped" : isAsking ? "preview_asked" : ready;
  return (
    <section class="preview" aria-labelledby="preview" aria-busy={isAsking}>
      <h2 id="preview">{say("preview")}</h2>
      <p class="soft" role="status">
        {say(failure ? "preview_failed" : state)}
      </p>
      {children}
      <FailureNotice failure={failure} />
      {pages?.shown.map((page) => (
        <Page key={page.number} page={page} total={pages.total} />
      ))}
      {pages && pages.total > pages.shown.length && (
        <p>{say("more_pages", { count: pages.total - pages.shown.length })}</p>
      )}
    </section>
  );
}

function Page({ page: { number, text, canvas }, total }: { page: ShownPage; total: number }) {
  const say = useTexts(templateTexts);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.replaceChildren(canvas), [canvas]);
  return (
    <figure>
      <div ref={place} class="page" aria-hidden="true" />
      <figcaption class="soft">{say("page", { number, total })}</figcaption>
      <p class="unseen">{text}</p>
    </figure>
  );
}
