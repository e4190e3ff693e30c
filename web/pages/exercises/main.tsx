import { show } from "../../components/show.tsx";
import { SignedInPage } from "../../components/signed_in_page.tsx";
import { Library } from "../../exercises/library.tsx";
import { exerciseTexts } from "../../texts/exercises/index.ts";

/** The platform's library of exercises (EXL-06): which there are, and each as superadmins write, publish and film it. */
show(
  <SignedInPage texts={exerciseTexts} name="RestartiX">
    {(page) => <Library {...page} />}
  </SignedInPage>,
);
