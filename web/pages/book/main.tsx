import { BookingPage } from "../../booking/booking.tsx";
import { openDoor } from "../../booking/door.ts";
import { isEmbedded, tellHeight } from "../../booking/embedded.ts";
import type { Draft } from "../../booking/flow.ts";
import { keptInTab } from "../../components/kept.ts";
import { asLanguage } from "../../components/language.ts";
import { show } from "../../components/show.tsx";

// The clinic stands in the path; a time that it offered to somebody on its waitlist behind the #, which no server sees.
const slug = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const asked = asLanguage(new URLSearchParams(location.search).get("lang"));
const offer = new URLSearchParams(location.hash.slice(1)).get("offer");
addEventListener("hashchange", () => location.hash.startsWith("#offer=") && location.reload());

const kept = keptInTab<Draft>(`booking-${slug}`);
const visitor = kept.read().visitor ?? crypto.randomUUID();
// Nothing is kept of somebody who only looks; from the first choice on, the tab knows who it is to the API.
const door = openDoor(visitor);
const keeping = {
  ...kept,
  write: (change: Partial<Draft>) => kept.write({ visitor, ...change }),
};

if (isEmbedded) document.documentElement.classList.add("embedded");
show(<BookingPage door={door} slug={slug} asked={asked} offer={offer} kept={keeping} />);
tellHeight();
