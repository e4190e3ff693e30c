import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { templateTexts } from "../../texts/templates/index.ts";
import { Documents } from "./documents.tsx";

/** A clinic's templates of documents (DOC-01): which there are, and the editor of each. */
show(<SignedInPage texts={templateTexts}>{(page) => <Documents {...page} />}</SignedInPage>);
