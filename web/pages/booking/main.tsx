import { openDoor } from "../../booking/door.ts";
import { ManagingPage } from "../../booking/managing.tsx";
import { asLanguage } from "../../components/language.ts";
import { show } from "../../components/show.tsx";

// The token of a booking stands behind the #, which no server and no log ever sees.
const token = location.hash.slice(1);
const asked = asLanguage(new URLSearchParams(location.search).get("lang"));
// Another link that is opened in this tab begins anew.
addEventListener("hashchange", () => location.reload());

show(<ManagingPage door={openDoor(crypto.randomUUID())} token={token} asked={asked} />);
