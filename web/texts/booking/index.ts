import { textsOf } from "../../components/texts.ts";
import en from "./en.json" with { type: "json" };
import ro from "./ro.json" with { type: "json" };

/** What the booking page and the page of a booking say. */
export const bookingTexts = textsOf({ ro, en });
