import { Refusal } from "../../runtime/refusal.ts";
import { Refused } from "../failures.ts";
import type { PaymentVendor } from "./port.ts";

const byTransfer = async () => {
  throw new Refused("manual: money comes and goes by bank transfer");
};

/** Clinics that pay by bank transfer (BIL-07): a superadmin records what arrived, and no vendor takes or gives anything. */
export const manualPayments: PaymentVendor = {
  provider: "manual",
  charge: byTransfer,
  findCharge: async () => null,
  refund: byTransfer,
  findRefund: async () => null,
  async startCardUpdate() {
    throw new Refusal("STATE", "paid_by_transfer");
  },
};
