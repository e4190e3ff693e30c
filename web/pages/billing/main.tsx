import { ClinicBilling } from "../../billing/clinic_billing.tsx";
import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { billingTexts } from "../../texts/billing/index.ts";

/** What a clinic subscribes to at the platform, what it uses, was billed and paid (BIL-06, BIL-08). */
show(<SignedInPage texts={billingTexts}>{(page) => <ClinicBilling {...page} />}</SignedInPage>);
