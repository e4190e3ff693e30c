import { useEffect, useId, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { useWritten } from "../billing/written.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { BillingOverviewDocument, type BillingOverviewQuery } from "../documents/generated/operations.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";

type Page = BillingOverviewQuery["billingOverview"];
type Row = Page["nodes"][number];
type Status = NonNullable<Row["status"]>;

const statuses: Status[] = ["PENDING", "TRIALING", "ACTIVE", "PAST_DUE", "SUSPENDED", "CANCELED"];

/** Every clinic with its plan, what it owes and since when, and its next bill: looked for by name, narrowed by status, a page at a time. */
export function Clinics({
  client,
  onOpen,
}: {
  client: Client;
  onOpen(clinic: { clinic: UUID; name: string }): void;
}) {
  const say = useTexts(billingAdminTexts);
  const id = useId();
  const [text, setText] = useState("");
  const [wanted, setWanted] = useState<{ text: string; status: Status | null }>({ text: "", status: null });
  const [pages, setPages] = useState<readonly Page[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const read = async (before: readonly Page[]) => {
    setFailure(null);
    try {
      const after = before.at(-1)?.pageInfo.endCursor ?? null;
      const { billingOverview } = await client.ask(BillingOverviewDocument, { ...wanted, after });
      setPages([...before, billingOverview]);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  useEffect(() => void read([]), [client, wanted]);

  const clinics = pages?.flatMap(({ nodes }) => nodes) ?? [];
  return (
    <>
      <search>
        <form
          onSubmit={(submitted) => {
            submitted.preventDefault();
            setWanted({ ...wanted, text: text.trim() });
          }}
        >
          <div class="field">
            <label for={`${id}-text`}>{say("find")}</label>
            <p class="actions">
              <input
                id={`${id}-text`}
                type="search"
                class="short"
                maxLength={100}
                value={text}
                onInput={({ currentTarget }) => setText(currentTarget.value)}
              />
              <button type="submit">{say("find_go")}</button>
            </p>
          </div>
          <div class="field">
            <label for={`${id}-status`}>{say("status")}</label>
            <select
              id={`${id}-status`}
              value={wanted.status ?? ""}
              onChange={({ currentTarget }) =>
                setWanted({ ...wanted, status: (currentTarget.value || null) as Status | null })
              }
            >
              <option value="">{say("any")}</option>
              {statuses.map((status) => (
                <option key={status} value={status}>
                  {say(`status_${status}`)}
                </option>
              ))}
            </select>
          </div>
        </form>
      </search>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void read(pages ?? [])}>
          {say("again")}
        </button>
      </FailureNotice>
      {!pages && !failure && <Waiting>{say("loading")}</Waiting>}
      <p role="status">{pages && say("clinics", { count: clinics.length })}</p>
      <ul class="choices">
        {clinics.map((clinic) => (
          <li key={clinic.organizationId}>
            <ClinicButton
              clinic={clinic}
              onOpen={() => onOpen({ clinic: clinic.organizationId, name: clinic.name })}
            />
          </li>
        ))}
      </ul>
      {pages?.at(-1)?.pageInfo.hasNextPage && (
        <p class="actions">
          <button type="button" onClick={() => void read(pages)}>
            {say("more")}
          </button>
        </p>
      )}
    </>
  );
}

function ClinicButton({ clinic, onOpen }: { clinic: Row; onOpen(): void }) {
  const say = useTexts(billingAdminTexts);
  const written = useWritten();
  const facts = [
    clinic.status ? `${written.text(clinic.tierNames)} · ${say(`status_${clinic.status}`)}` : say("no_plan"),
    clinic.unpaidAmount !== "0" &&
      clinic.currency &&
      say("unpaid", { amount: written.money(clinic.unpaidAmount, clinic.currency) }),
    clinic.overdueSince && say("overdue_since", { day: written.day(clinic.overdueSince) }),
    clinic.nextBillOn && say("next_bill", { day: written.day(clinic.nextBillOn) }),
  ];
  return (
    <button type="button" onClick={onOpen}>
      {clinic.name}
      <span class="soft">{facts.filter(Boolean).join(" · ")}</span>
    </button>
  );
}
