import { Automations } from "../../automations/automations.tsx";
import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { automationTexts } from "../../texts/automations/index.ts";

/** A clinic's automations (AUT-01, AUT-03): which there are, what they did, and the builder of each. */
show(<SignedInPage texts={automationTexts}>{(page) => <Automations {...page} />}</SignedInPage>);
