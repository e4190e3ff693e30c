import { textsOf } from "../../components/texts.ts";
import en from "./en.json" with { type: "json" };
import ro from "./ro.json" with { type: "json" };

/** What the pages behind a link and on a kiosk say. */
export const signingTexts = textsOf({ ro, en });
