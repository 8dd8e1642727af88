import type { Context } from "hono";
import { hindrance } from "../../domain/action.ts";
import type { ResourceType } from "../../domain/catalogue.ts";
import type { PocWallet } from "../../domain/poc/wallet.ts";
import { isInTrash, type Resource } from "../../domain/resource.ts";
import type { App } from "../../http/context.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { trialTexts } from "../../texts/trials.ts";
import { isRenewable } from "../renewable.ts";
import { ROOMS, resourcePath } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";

/** The choice to pay for use instead of a period. */
export const BY_USE = "use";

interface ActionsProps {
  readonly c: Context<App>;
  readonly resource: Resource;
  /** As it is sold now; null where it isn't any more. */
  readonly type: ResourceType | null;
  readonly pocWallet: PocWallet | null;
  readonly nowMs: number;
}

/** What can be done to a resource now, by whoever looks. */
export const Actions = ({ c, resource, type, pocWallet, nowMs }: ActionsProps) => {
  const texts = resourceTexts[readerOf(c).locale];
  const can = (action: "recover" | "delete") => hindrance(action, resource, nowMs) === null;
  const isTrial = resource.billing === "poc" && !isInTrash(resource);
  return (
    <div class="row">
      {isTrial ? <TrialActions {...{ c, resource, type, nowMs }} /> : null}
      {mayEnter(c, "renew") && isRenewable(resource, pocWallet, nowMs) ? (
        <form method="post" action={ROOMS.renew.path}>
          <input type="hidden" name="resource" value={resource.id} />
          <button type="submit" class={isTrial ? undefined : "primary"}>
            {texts.renew}
          </button>
        </form>
      ) : null}
      {mayEnter(c, "recover") && can("recover") ? (
        <form method="post" action={resourcePath(resource.id, "recover")}>
          <button type="submit" id="recover" class="primary">
            {texts.recover}
          </button>
        </form>
      ) : null}
      {mayEnter(c, "deletion") && can("delete") ? (
        <a class="button" href={resourcePath(resource.id, "deletion")}>
          {texts.delete}
        </a>
      ) : null}
    </div>
  );
};

/** A trial that runs is converted in each way that its type is sold in, or stopped. (Domain: POC.) */
const TrialActions = ({ c, resource, type, nowMs }: Omit<ActionsProps, "pocWallet">) => {
  const texts = trialTexts[readerOf(c).locale];
  const { billingMode } = c.var.account;
  const isSold = mayEnter(c, "convert") && hindrance("convert_poc", resource, nowMs) === null;
  const isSoldByUse = type?.billing.includes("hold") === true && billingMode === "prepaid";
  return (
    <>
      {isSold && type?.billing.includes("prepaid") ? (
        <form method="post" action={resourcePath(resource.id, "convert")}>
          <button type="submit" id="convert" class="primary">
            {texts.convert}
          </button>
        </form>
      ) : null}
      {isSold && isSoldByUse ? (
        <form method="post" action={resourcePath(resource.id, "convert")}>
          <input type="hidden" name="way" value={BY_USE} />
          <button
            type="submit"
            id="convert-by-use"
            class={type.billing.includes("prepaid") ? undefined : "primary"}
          >
            {texts.convertByUse}
          </button>
        </form>
      ) : null}
      {mayEnter(c, "stopTrial") && hindrance("stop_poc", resource, nowMs) === null ? (
        <a class="button" id="stop" href={resourcePath(resource.id, "stopTrial")}>
          {texts.stop}
        </a>
      ) : null}
    </>
  );
};
