import { useState } from "preact/hooks";
import { PlatformBilling } from "../../billing_admin/platform_billing.tsx";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { SignedIn } from "../../components/signed_in.tsx";
import { billingAdminTexts } from "../../texts/billing_admin/index.ts";

/** What clinics subscribe to, were billed and paid, as superadmins see it and set it right (BIL-06, BIL-07, BIL-08). */
function Page() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const say = billingAdminTexts(language);
  return (
    <PageFrame name="RestartiX" title={say("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>{(client, signOut) => <PlatformBilling client={client} onSignOut={signOut} />}</SignedIn>
    </PageFrame>
  );
}

show(<Page />);
