import { useEffect, useId, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { useWritten } from "../billing/written.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import {
  ClinicsOverviewDocument,
  type ClinicsOverviewQuery,
  type WhoseBillingQuery,
} from "../documents/generated/operations.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";

type Row = ClinicsOverviewQuery["clinicsOverview"]["nodes"][number];
type Status = NonNullable<Row["status"]>;
type Tiers = WhoseBillingQuery["platformTiers"]["nodes"];

/** How many clinics a page has. */
const pageSize = 25;

const statuses: Status[] = ["PENDING", "TRIALING", "ACTIVE", "PAST_DUE", "SUSPENDED", "CANCELED"];

/** Every clinic with its plan, if it has one, what it owes and since when, and its next bill: looked for by name, narrowed by status, a page at a time. */
export function Clinics({
  client,
  tiers,
  onOpen,
}: {
  client: Client;
  tiers: Tiers;
  onOpen(clinic: { clinic: UUID; name: string }): void;
}) {
  const say = useTexts(billingAdminTexts);
  const id = useId();
  const [text, setText] = useState("");
  const [wanted, setWanted] = useState<{
    name: string | null;
    status: Status | null;
    hasPlan: boolean | null;
  }>({
    name: null,
    status: null,
    hasPlan: null,
  });
  const [known, setKnown] = useState<{ clinics: readonly Row[]; hasMore: boolean } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const read = async (before: readonly Row[]) => {
    setFailure(null);
    try {
      const after = before.at(-1)?.organizationId ?? null;
      const { clinicsOverview } = await client.ask(ClinicsOverviewDocument, {
        ...wanted,
        after,
        upTo: pageSize,
      });
      const { nodes } = clinicsOverview;
      setKnown({ clinics: [...before, ...nodes], hasMore: nodes.length === pageSize });
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  useEffect(() => void read([]), [client, wanted]);

  return (
    <>
      <search>
        <form
          onSubmit={(submitted) => {
            submitted.preventDefault();
            setWanted({ ...wanted, name: text.trim() || null });
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
              value={wanted.hasPlan === false ? "none" : (wanted.status ?? "")}
              onChange={({ currentTarget: { value } }) =>
                setWanted(
                  value === "none"
                    ? { ...wanted, status: null, hasPlan: false }
                    : { ...wanted, status: (value || null) as Status | null, hasPlan: null },
                )
              }
            >
              <option value="">{say("any")}</option>
              {statuses.map((status) => (
                <option key={status} value={status}>
                  {say(`status_${status}`)}
                </option>
              ))}
              <option value="none">{say("without_plan")}</option>
            </select>
          </div>
        </form>
      </search>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void read(known?.clinics ?? [])}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      <p role="status">{known && say("clinics", { count: known.clinics.length })}</p>
      <ul class="choices">
        {known?.clinics.map((clinic) => (
          <li key={clinic.organizationId}>
            <ClinicButton
              clinic={clinic}
              tiers={tiers}
              onOpen={() => onOpen({ clinic: clinic.organizationId, name: clinic.organizationName })}
            />
          </li>
        ))}
      </ul>
      {known?.hasMore && (
        <p class="actions">
          <button type="button" onClick={() => void read(known.clinics)}>
            {say("more")}
          </button>
        </p>
      )}
    </>
  );
}

function ClinicButton({ clinic, tiers, onOpen }: { clinic: Row; tiers: Tiers; onOpen(): void }) {
  const say = useTexts(billingAdminTexts);
  const written = useWritten();
  const { tierSlug, status, currency, unpaidAmount, balanceAmount, overdueSince, nextBillOn } = clinic;
  const facts = [
    written.text(tiers.find(({ slug }) => slug === tierSlug)?.names) || tierSlug,
    say(status ? `status_${status}` : "no_plan"),
    unpaidAmount !== "0" && say("unpaid", { amount: written.money(unpaidAmount, currency) }),
    overdueSince && say("overdue_since", { day: written.day(overdueSince) }),
    balanceAmount !== "0" && say("balance", { amount: written.money(balanceAmount, currency) }),
    nextBillOn && say("next_bill", { day: written.day(nextBillOn) }),
  ];
  return (
    <button type="button" onClick={onOpen}>
      {clinic.organizationName}
      <span class="soft">{facts.filter(Boolean).join(" · ")}</span>
    </button>
  );
}
