import { attemptsStandAsTheirPayments, refundsAreOfWhatWasTaken } from "./invariants/attempts.ts";
import type { Books, Violation } from "./invariants/books.ts";
import {
  budgetCountsItsMonth,
  creditNotesFitTheirInvoices,
  documentsAreCounted,
  receivableIsWhatIsOpen,
} from "./invariants/documents.ts";
import {
  balancesAreTheSumOfPostings,
  creditIsHeldForHolds,
  gatewaysTookWhatWasPaid,
  outsideMoneyIsRecorded,
  transfersAreAmounts,
  walletsAreNotNegative,
} from "./invariants/money.ts";
import {
  paidResourcesServe,
  resourcesAddUp,
  resourcesStandAsTheirLines,
  trialsAddUp,
  undeliveredIsWhatWaits,
} from "./invariants/resources.ts";

/** Every broken invariant of an account; an empty list is the only acceptable answer. (Domain: Invariants.) */
export function violations(books: Books): Violation[] {
  return [
    ...transfersAreAmounts(books),
    ...walletsAreNotNegative(books),
    ...balancesAreTheSumOfPostings(books),
    ...creditIsHeldForHolds(books),
    ...gatewaysTookWhatWasPaid(books),
    ...outsideMoneyIsRecorded(books),
    ...attemptsStandAsTheirPayments(books),
    ...refundsAreOfWhatWasTaken(books),
    ...resourcesAddUp(books),
    ...trialsAddUp(books),
    ...undeliveredIsWhatWaits(books),
    ...receivableIsWhatIsOpen(books),
    ...documentsAreCounted(books),
    ...creditNotesFitTheirInvoices(books),
    ...resourcesStandAsTheirLines(books),
    ...paidResourcesServe(books),
    ...budgetCountsItsMonth(books),
  ];
}
