import {
  deploymentSentence,
  deploymentTable,
  environmentsSentence,
  environmentsTable,
  pruneCommands,
  type Report,
  renderTextTable,
  serverSentence,
  serverTable,
  soakSentence,
  soakTable,
} from '@dlcmp/report';

interface ScenarioLines {
  readonly title: string;
  readonly table: string;
  readonly sentence: string;
  /** To be copied: printed as they are. */
  readonly commands?: readonly string[];
}

/** What scenarios measured, as tables with their explanations; nothing where none was asked for. */
export function scenarioLines(report: Report): ScenarioLines[] {
  const scenarios = [
    {
      title: 'MEMORY OVER MANY REQUESTS',
      figures: soakTable(report),
      sentence: soakSentence(report) ?? 'No soak came to its end.',
    },
    {
      title: 'BEHIND A SERVER',
      figures: serverTable(report),
      sentence: serverSentence(report) ?? 'No server was measured to the end.',
    },
    {
      title: 'DEPLOYMENT',
      figures: deploymentTable(report),
      sentence: deploymentSentence(report) ?? 'No deployment was measured to the end.',
      commands: pruneCommands(report),
    },
    {
      title: 'WHERE IT RUNS',
      figures: environmentsTable(report),
      sentence: environmentsSentence('report.html'),
    },
  ];
  return scenarios
    .filter(({ figures }) => figures.rows.length > 0)
    .map(({ figures, ...rest }) => ({ ...rest, table: textTable(figures) }));
}

function textTable({ columns, rows }: ReturnType<typeof soakTable>): string {
  const [name = '', ...figures] = columns;
  return renderTextTable(
    [
      { title: name, width: 20, align: 'left' },
      ...figures.map((title) => ({ title, width: 8, align: 'right' as const })),
    ],
    rows,
  );
}
