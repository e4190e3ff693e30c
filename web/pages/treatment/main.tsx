import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { treatmentTexts } from "../../texts/treatment/index.ts";
import { Treatment } from "../../treatment/treatment.tsx";

/** Treatment plans of a clinic and of its patients (TPL-01, TPL-02, EXE-01 to EXE-03): written, approved, assigned, and how they go. */
show(<SignedInPage texts={treatmentTexts}>{(page) => <Treatment {...page} />}</SignedInPage>);
