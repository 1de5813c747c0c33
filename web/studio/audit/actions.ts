// What can be done, in the words of whoever reads who did it.

interface Action {
  /** As it is in the log. */
  readonly name: string;
  /** As one tells it afterwards. */
  readonly done: string;
  /** As one asks for it. */
  readonly ask: string;
}

const action = (name: string, done: string, ask: string): Action => ({ name, done, ask });

/** Everything that makes an entry, in the groups in which one looks for it. */
export const groups: readonly { readonly group: string; readonly actions: readonly Action[] }[] = [
  {
    group: 'Screens',
    actions: [
      action('screenCreate', 'Made a screen', 'make a screen'),
      action('screenEdit', 'Edited blocks', 'edit blocks'),
      action('screenUpdate', 'Changed title or path', 'change title or path'),
      action('screenDuplicate', 'Made a copy of a screen', 'copy a screen'),
      action('screenRevert', 'Set a draft back to a release', 'set a draft back'),
      action('screenDelete', 'Deleted a screen', 'delete a screen'),
      action('previewLinkCreate', 'Made a preview link', 'make a preview link'),
      action('assetUpload', 'Uploaded a picture', 'upload a picture'),
      action('assetCollect', 'Removed an unused picture', 'remove an unused picture'),
    ],
  },
  {
    group: 'Releases',
    actions: [
      action('releasePublish', 'Published', 'publish'),
      action('releaseRollBack', 'Rolled back', 'roll back'),
      action('releasePromote', 'Promoted a release', 'promote a release'),
      action('releaseSchedule', 'Scheduled a release', 'schedule a release'),
      action('releaseScheduleCancel', 'Called a schedule off', 'call a schedule off'),
    ],
  },
  {
    group: 'Frontends and builds',
    actions: [
      action('frontendCreate', 'Registered a frontend', 'register a frontend'),
      action('frontendUpdate', 'Changed a frontend', 'change a frontend'),
      action('environmentCreate', 'Made an environment', 'make an environment'),
      action('environmentUpdate', 'Changed an environment', 'change an environment'),
      action('buildRegister', 'Registered a build', 'register a build'),
    ],
  },
  {
    group: 'Documents',
    actions: [
      action('documentsRegister', 'Registered documents', 'register documents'),
      action('documentRetire', 'Retired a document', 'retire a document'),
      action('documentUpdate', 'Changed what a document may be used for', 'change what a document may be used for'),
      action('safelistSet', 'Set the safelist', 'set a safelist'),
    ],
  },
  {
    group: 'Services',
    actions: [
      action('subgraphPublish', 'Published the schema of a service', 'publish the schema of a service'),
      action('subgraphRollBack', 'Took the schema of a service back', 'take the schema of a service back'),
      action('serviceWithdraw', 'Withdrew a service', 'withdraw a service'),
      action('serviceScale', 'Scaled a service', 'scale a service'),
      action('servicePolicySet', 'Set the scaling policy of a service', 'set the scaling policy of a service'),
    ],
  },
  {
    group: 'Instances',
    actions: [
      action('instanceHeartbeat', 'Announced an instance, or a change of it', 'announce an instance'),
      action('instanceLeave', 'Saw an instance leave', 'see an instance leave'),
      action('instanceLost', 'Lost an instance', 'lose an instance'),
      action('instanceDrain', 'Drained an instance', 'drain an instance'),
    ],
  },
  {
    group: 'Members',
    actions: [
      action('setupComplete', 'Set Sonata up', 'set Sonata up'),
      action('memberInvite', 'Invited a member', 'invite a member'),
      action('memberUpdate', 'Changed a member', 'change a member'),
      action('memberLinkCreate', 'Made a link for a member', 'make a link for a member'),
      action('memberLinkAccept', 'Chose a password by a link', 'choose a password by a link'),
      action('memberSessionsEnd', 'Ended all sessions', 'end all sessions'),
      action('memberRemove', 'Removed a member', 'remove a member'),
      action('sessionCreate', 'Signed in', 'sign in'),
      action('sessionEnd', 'Signed out', 'sign out'),
      action('passwordChange', 'Changed the password', 'change a password'),
    ],
  },
  {
    group: 'API keys',
    actions: [
      action('apiKeyCreate', 'Made an API key', 'make an API key'),
      action('apiKeyRotate', 'Replaced an API key', 'replace an API key'),
      action('apiKeyRevoke', 'Revoked an API key', 'revoke an API key'),
    ],
  },
];

const known = new Map(groups.flatMap(({ actions }) => actions).map((entry) => [entry.name, entry]));

/** `apiKeys` as words: "api keys". */
const spaced = (name: string): string => name.replace(/^_+/, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface Told {
  readonly action: string;
  readonly subjectId?: string | null;
  readonly requestId?: string | null;
}

/** What was done. A schedule is heard of again when its time comes: nobody's request then. */
export function doneWords({ action: name, subjectId, requestId }: Told): string {
  if (name === 'releaseSchedule' && subjectId?.startsWith('env_')) return 'A scheduled release went live';
  if (name === 'releaseSchedule' && requestId == null) return 'A scheduled release did not go live';
  return known.get(name)?.done ?? sentence(spaced(name));
}

/** What was asked for and refused: a mutation, a field that is read, an endpoint, or a page that may not ask at all. */
export function askedWords(name: string): string {
  const mutation = known.get(name);
  if (mutation) return sentence(mutation.ask);
  if (name === 'origin') return 'A page of a foreign origin';
  if (name === 'host') return 'A request for another host';
  if (name === '__schema') return 'Explore the graph';
  if (name === '/audit.csv') return 'Download the audit log';
  if (name === '/schema.graphql') return 'Read the schema';
  if (name.startsWith('/')) return `A request to ${name}`;
  const [field = '', of] = name.split('.').reverse();
  return sentence(`read ${spaced(field)}${of === undefined ? '' : ` of ${spaced(of)}`}`);
}

const reasons: Readonly<Record<string, string>> = {
  FORBIDDEN: 'not allowed',
  UNAUTHENTICATED: 'not signed in, or a credential that does not hold',
  RATE_LIMITED: 'too many requests',
  NOT_FOUND: 'not there, or not theirs',
};

export const reasonWords = (code: string): string => reasons[code] ?? spaced(code);
