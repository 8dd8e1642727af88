import { FAILURE_TEXTS } from "../../domain/attempts/reasons.ts";
import type { LinkedAccount, LinkedAccountId } from "../../domain/linking/linked-account.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { linkingTexts } from "../../texts/linking.ts";
import type { Locale } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import { formatReason } from "../../texts/reasons.ts";
import { ROOMS } from "../rooms.ts";
import { Badge, Rows, type Tone } from "./parts.tsx";

/** A page with links that are waited for looks again this often. */
const REFRESH_SECONDS = 3;

const TONES = {
  active: "good",
  pending: "accent",
  failed: "bad",
  removed: "neutral",
} as const satisfies Record<LinkedAccount["status"], Tone>;

interface LinkedListProps {
  readonly linked: readonly LinkedAccount[];
  readonly defaultId: LinkedAccountId | null;
  readonly locale: Locale;
}

/** The linked accounts, with how each stands and what can be done with it. */
export const LinkedList = ({ linked, defaultId, locale }: LinkedListProps) => {
  const texts = linkingTexts[locale];
  if (linked.length === 0) return <p class="card empty">{texts.none}</p>;
  const isWaiting = linked.some(({ status }) => status === "pending");
  return (
    <div data-refresh={isWaiting ? REFRESH_SECONDS : undefined}>
      <Rows
        caption={texts.title}
        rows={linked}
        columns={[
          {
            title: texts.account,
            cell: ({ gateway, label }) => (
              <>
                {GATEWAY_TITLES[gateway]} {label === null ? null : <span class="whole">{label}</span>}
              </>
            ),
            isLead: true,
          },
          {
            title: texts.status,
            cell: (account) => (
              <Standing account={account} isDefault={account.id === defaultId} locale={locale} />
            ),
          },
          {
            title: texts.actions,
            cell: (account) => (
              <Actions account={account} isDefault={account.id === defaultId} locale={locale} />
            ),
            align: "end",
          },
        ]}
      />
    </div>
  );
};

interface LinkedProps {
  readonly account: LinkedAccount;
  readonly isDefault: boolean;
  readonly locale: Locale;
}

const Standing = ({ account: { status, failure }, isDefault, locale }: LinkedProps) => {
  const texts = linkingTexts[locale];
  if (status === "removed") return null;
  return (
    <div class="row">
      <Badge tone={TONES[status]}>{texts.statuses[status]}</Badge>
      {isDefault ? <Badge tone="accent">{texts.default}</Badge> : null}
      {failure === null ? null : (
        <span class="quiet small">{formatReason(FAILURE_TEXTS[failure], locale)}</span>
      )}
    </div>
  );
};

const Actions = ({ account: { id, gateway, status, redirectUrl }, isDefault, locale }: LinkedProps) => {
  const texts = linkingTexts[locale];
  return (
    <div class="row-actions">
      {status === "pending" && redirectUrl !== null ? (
        <a href={redirectUrl}>{fill(payingTexts[locale].goTo, { gateway: GATEWAY_TITLES[gateway] })}</a>
      ) : null}
      {status === "active" && !isDefault ? (
        <Press path={ROOMS.chooseLinked.path} link={id} word={texts.makeDefault} />
      ) : null}
      <Press path={ROOMS.unlinkAccount.path} link={id} word={texts.unlink} />
    </div>
  );
};

const Press = ({
  path,
  link,
  word,
}: {
  readonly path: string;
  readonly link: LinkedAccountId;
  readonly word: string;
}) => (
  <form method="post" action={path}>
    <button type="submit" class="plain" name="link" value={link}>
      {word}
    </button>
  </form>
);

/** What people know it by. */
export const nameOfLinked = ({ gateway, label }: LinkedAccount): string =>
  [GATEWAY_TITLES[gateway], label ?? []].flat().join(" ");
