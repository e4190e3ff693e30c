import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { consentTexts } from "../../texts/consents/index.ts";
import { Consents } from "./consents.tsx";

/** A person's own consents (CNS-09): what they agreed to, how, what depends on it, and who read their chart. */
show(<SignedInPage texts={consentTexts}>{(page) => <Consents {...page} />}</SignedInPage>);
