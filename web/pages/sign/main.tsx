import { languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { openDoor } from "../../signing/door.ts";
import { openDrafts } from "../../signing/draft.ts";
import { DeadLink } from "../../signing/ends.tsx";
import { Signing } from "../../signing/signing.tsx";
import { signingTexts } from "../../texts/signing/index.ts";

// A link: the token stands behind the #, which no server and no log ever sees.
const token = location.hash.slice(1);
// Another link that is opened in this tab begins anew.
addEventListener("hashchange", () => location.reload());

if (token === "") {
  const language = languageOfBrowser();
  const title = signingTexts(language)("title");
  show(
    <PageFrame name="" title={title} language={language} onLanguage={() => {}}>
      <DeadLink reason="unknown" code="" isKiosk={false} onEnd={undefined} />
    </PageFrame>,
  );
} else {
  show(<Signing door={openDoor("Link", token)} drafts={await openDrafts(token)} />);
}
