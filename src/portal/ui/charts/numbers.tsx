import { type AmountWords, type ChartPeriod, type Series, Swatch } from "./series.tsx";

/** What a chart over time draws, as a table. It is wider than a phone: people move it there, by keyboard, too. */
export const Numbers = ({
  id,
  title,
  periodTitle,
  totalTitle,
  periods,
  series,
  words,
}: {
  readonly id: string;
  readonly title: string;
  readonly periodTitle: string;
  readonly totalTitle: string;
  readonly periods: readonly ChartPeriod[];
  readonly series: readonly Series[];
  readonly words: AmountWords;
}) => (
  <section class="card flush scroll" aria-label={title} tabindex={0}>
    <table class="numbers">
      <caption class="hidden">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{periodTitle}</th>
          {series.map(({ name, look }) => (
            <th scope="col" class="end">
              <Swatch of={`${id}-${look}`} look={look} /> {name}
            </th>
          ))}
          <th scope="col" class="end">
            {totalTitle}
          </th>
        </tr>
      </thead>
      <tbody>
        {periods.map(({ name, href }, at) => (
          <tr>
            <th scope="row">{href === undefined ? name : <a href={href}>{name}</a>}</th>
            {series.map(({ amounts }) => (
              <td class="end money">{words.exactly(amounts[at] ?? 0)}</td>
            ))}
            <td class="end money">
              {words.exactly(series.reduce((sum, { amounts }) => sum + (amounts[at] ?? 0), 0))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
