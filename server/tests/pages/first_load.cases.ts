import type { Browser } from "playwright-core";
import { expect, test } from "vitest";
import type { Clinic } from "./clinic.ts";
import { short } from "./visits.ts";

/** What a page behind a link may load before it can be used, as this server sends it: uncompressed. */
const most = { answers: 10, bytes: 130_000 };

/** A slow phone on a mobile network: 1.6 Mbit a second, 150 ms there and back, a quarter of this processor. */
const network = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };
const processor = { rate: 4 };

/** The first load of a page behind a link is small; how long it takes is printed, for seconds are the machine's. */
export function firstLoadCases(browser: () => Browser, clinic: () => Clinic): void {
  test("CNS-06: on a slow phone a link loads little before it can be used", async () => {
    const { url } = await clinic().linkTo(await clinic().form(await clinic().publish("slow", short)));
    const context = await browser().newContext({ locale: "ro-RO", viewport: { width: 360, height: 740 } });
    try {
      const page = await context.newPage();
      const phone = await context.newCDPSession(page);
      let answers = 0;
      let bytes = 0;
      phone.on("Network.loadingFinished", ({ encodedDataLength }) => {
        answers += 1;
        bytes += encodedDataLength;
      });
      await phone.send("Network.enable");
      await phone.send("Network.emulateNetworkConditions", network);
      await phone.send("Emulation.setCPUThrottlingRate", processor);
      const begun = performance.now();
      await page.goto(url);
      await page.getByLabel("Data nașterii").waitFor();
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      process.stdout.write(`first load on a slow phone: ${seconds} s, ${answers} answers, ${bytes} bytes\n`);
      expect(answers).toBeGreaterThan(2);
      expect(answers).toBeLessThanOrEqual(most.answers);
      expect(bytes).toBeGreaterThan(5_000);
      expect(bytes).toBeLessThanOrEqual(most.bytes);
    } finally {
      await context.close();
    }
  });
}
