import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { segmentTexts } from "../../texts/segments/index.ts";
import { Segments } from "./segments.tsx";

/** A clinic's segments (SEG-01, SEG-05): which there are, and the builder of their rules. */
show(<SignedInPage texts={segmentTexts}>{(page) => <Segments {...page} />}</SignedInPage>);
