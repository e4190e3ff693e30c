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
const Accounts = lazily(async () => (await import("./accounts.tsx")).Accounts);
const PlatformKeys = lazily(async () => (await import("./platform_keys.tsx")).PlatformKeys);

/** What a superadmin looks at beside clinics. */
const screens = { tiers: Tiers, accounts: Accounts, keys: PlatformKeys };
type Screen = keyof typeof screens;
type Opened = { clinic: UUID; name: string } | Screen | null;

/** What every clinic subscribes to and owes, one clinic, what there is to subscribe to, where transfers go, and keys of programs. */
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
  if (isOurs && typeof opened === "string") {
    const Screen = screens[opened];
    return <Screen client={client} onBack={back} />;
  }
  if (isOurs && opened && typeof opened !== "string")
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
            {(["tiers", "accounts", "keys"] as const).map((screen) => (
              <button key={screen} type="button" onClick={() => setOpened(screen)}>
                {say(screen)}
              </button>
            ))}
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
