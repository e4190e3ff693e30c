import { useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { useTexts } from "../components/texts.ts";
import { ExplainLineDocument, type ExplainLineQuery } from "../documents/generated/operations.ts";
import { billingTexts } from "../texts/billing/index.ts";
import { useWritten } from "./written.ts";

type Page = ExplainLineQuery["explainLine"];

/** From which usage a line comes, one record after the other, a page at a time; asked once somebody wants to know. */
export function Explained({
  client,
  line,
  name,
  zone,
}: {
  client: Client;
  line: UUID;
  name: string;
  zone: string | undefined;
}) {
  const say = useTexts(billingTexts);
  const written = useWritten(zone);
  const [pages, setPages] = useState<readonly Page[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const last = pages.at(-1);
  const read = async () => {
    setFailure(null);
    try {
      const after = last?.pageInfo.endCursor ?? null;
      const { explainLine } = await client.ask(ExplainLineDocument, { line, after });
      setPages([...pages, explainLine]);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  const records = pages.flatMap(({ nodes }) => nodes);
  return (
    <>
      <FailureNotice failure={failure} />
      {last && records.length === 0 && <p class="soft">{say("explained_nothing")}</p>}
      {records.length > 0 && (
        <ul class="plain">
          {records.map((record) => (
            <li key={record.id}>
              {written.moment(record.occurredAt)} · {written.quantity(record.quantity)}{" "}
              <span class="code">
                {record.source} {record.key}
              </span>
            </li>
          ))}
        </ul>
      )}
      {(!last || last.pageInfo.hasNextPage) && (
        <p class="actions">
          <button type="button" class="plain" onClick={() => void read()}>
            {say(last ? "more" : "explain")}
            <span class="unseen">: {name}</span>
          </button>
        </p>
      )}
    </>
  );
}
