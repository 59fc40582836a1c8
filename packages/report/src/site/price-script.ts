import { PAGE_SCRIPT } from '../html/page-script';

/** What a machine's hour costs, typed by the reader, makes costs of seconds. */
export const SITE_SCRIPT = `${PAGE_SCRIPT}
for (const input of document.querySelectorAll('input.price')) {
  const show = () => {
    const price = input.value === '' ? NaN : Number(input.value);
    for (const cell of document.querySelectorAll('td[data-seconds]')) {
      const cost = (price / 3600) * Number(cell.dataset.seconds);
      cell.textContent = price >= 0 ? cost.toPrecision(3) : '–';
    }
  };
  input.addEventListener('input', show);
  show();
}
`;
