import type { Client } from "../../client/index.ts";
import { StepHeading } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { Keys } from "../service_keys/keys.tsx";
import { billingAdminTexts } from "../texts/billing_admin/index.ts";

/** Keys of the platform's own programs, which record AI calls. */
export function PlatformKeys({ client, onBack }: { client: Client; onBack(): void }) {
  const say = useTexts(billingAdminTexts);
  return (
    <>
      <StepHeading>{say("keys")}</StepHeading>
      <Keys client={client} clinic={null} />
      <p class="actions">
        <button type="button" onClick={onBack}>
          {say("back")}
        </button>
      </p>
    </>
  );
}
