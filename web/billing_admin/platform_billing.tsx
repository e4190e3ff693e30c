import { useCallback, useEffect, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { lazily } from "../components/lazily.tsx";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { WhoseBillingDocument, type WhoseBillingQuery } from "../documents/generated/operations.ts";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";
import { Clinics } from "./clinics.tsx";

const OneClinic = lazily(async () => (await import("./one_clinic.tsx")).OneClinic);
const Tiers = lazily(async () => (await import("./tiers.tsx")).Tiers);

type Opened = { clinic: UUID; name: string } | "tiers" | null;

/** What every clinic subscribes to and owes, one clinic, and what there is to subscribe to. */
export function PlatformBilling({ client, onSignOut }: { client: Client; onSignOut(): void }) {
  const say = useTexts(billingAdminTexts);
  const [known, setKnown] = useState<WhoseBillingQuery | null>(null);
  const [opened, setOpened] = useState<Opened>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = useCallback(async () => {
    setFailure(null);
    try {
      setKnown(await client.ask(WhoseBillingDocument, {}));
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [client, say]);
  useEffect(() => void load(), [client]);

  const isOurs = known?.runsPlatform === true;
  const back = () => setOpened(null);
  if (isOurs && opened === "tiers") return <Tiers client={client} onBack={back} />;
  if (isOurs && opened && opened !== "tiers")
    return <OneClinic client={client} clinic={opened.clinic} name={opened.name} onBack={back} />;
  return (
    <>
      <StepHeading>{say("title")}</StepHeading>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {known && !isOurs && <p>{say("not_yours")}</p>}
      {known && isOurs && (
        <>
          <Clinics client={client} tiers={known.platformTiers.nodes} onOpen={setOpened} />
          <p class="actions">
            <button type="button" onClick={() => setOpened("tiers")}>
              {say("tiers")}
            </button>
          </p>
        </>
      )}
      <p>
        <button type="button" onClick={onSignOut}>
          {say("sign_out")}
        </button>
      </p>
    </>
  );
}
