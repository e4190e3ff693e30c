import { PlatformBilling } from "../../billing_admin/platform_billing.tsx";
import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { billingAdminTexts } from "../../texts/billing_admin/index.ts";

/** What clinics subscribe to, were billed and paid, as superadmins see it and set it right (BIL-06, BIL-07, BIL-08). */
show(
  <SignedInPage texts={billingAdminTexts} name="RestartiX">
    {(page) => <PlatformBilling {...page} />}
  </SignedInPage>,
);
