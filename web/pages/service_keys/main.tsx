import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { ClinicKeys } from "../../service_keys/clinic_keys.tsx";
import { serviceKeyTexts } from "../../texts/service_keys/index.ts";

/** Keys of the programs of a clinic (FND-24, BIL-09): which there are, a new one, the end of one. */
show(<SignedInPage texts={serviceKeyTexts}>{(page) => <ClinicKeys {...page} />}</SignedInPage>);
