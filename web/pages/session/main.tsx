import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { sessionTexts } from "../../texts/session/index.ts";
import { Sessions } from "./sessions.tsx";

/** A patient's sessions at home (EXE-05, TEL-08): what is due, and how it is done with or without a camera. */
show(
  <SignedInPage texts={sessionTexts} name="RestartiX">
    {(page) => <Sessions {...page} />}
  </SignedInPage>,
);
