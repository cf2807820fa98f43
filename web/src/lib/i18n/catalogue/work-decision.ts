import { messages } from '../messages';

/** The collective's decision (民主决策). */
export const decision = messages({
  title: { zh: '民主决策', en: 'Collective decision' },
  lead: {
    zh: '按全体应到人数的三分之二计算，不是到会人数的三分之二。',
    en: 'Two thirds of all who may vote must agree, not two thirds of those present.'
  },
  none: { zh: '还没有登记决议。', en: 'No decision is recorded yet.' },
  record: { zh: '登记决议', en: 'Record the decision' },
  again: { zh: '重新登记决议', en: 'Record another decision' },
  recorded: { zh: '决议已登记，写入账本。', en: 'The decision is recorded and stands in the log.' },
  change: { zh: '修改', en: 'Change' },

  assemblyBody: { zh: '表决机构', en: 'Who voted' },
  assembly: { zh: '成员大会', en: 'Members’ assembly' },
  assemblyHint: { zh: '全体有完全民事行为能力的成员', en: 'all members of full civil capacity' },
  representatives: { zh: '成员代表大会', en: 'Members’ representatives' },
  representativesHint: { zh: '全体成员代表', en: 'all representatives' },
  noticeOn: { zh: '通知日期', en: 'Members told on' },
  heldOn: { zh: '会议日期', en: 'Meeting on' },
  eligible: { zh: '应到人数（全体）', en: 'All who may vote' },
  present: { zh: '实到人数', en: 'Present' },
  presentHint: { zh: '含在线参会和同户书面代理', en: 'online and by household proxy included' },
  inFavour: { zh: '赞成', en: 'For' },
  against: { zh: '反对', en: 'Against' },
  abstained: { zh: '弃权', en: 'Abstained' },
  badCount: { zh: '请填写人数。', en: 'Enter a number of people.' },
  households: { zh: '本集体户数', en: 'Households of the collective' },
  people: { zh: '人', en: 'people' },
  householdsUnit: { zh: '户', en: 'households' },

  need: { zh: '全体 {all} 人的三分之二为 {need} 人', en: 'Two thirds of all {all} are {need}' },
  carries: { zh: '赞成 {for} 人，达到', en: '{for} for: it carries' },
  missing: { zh: '赞成 {for} 人，还差 {missing} 人', en: '{for} for: {missing} too few' },
  mistaken: {
    zh: '虽达到到会 {present} 人的三分之二，但须按全体计算，不能通过。',
    en: 'It is two thirds of the {present} present, but all count: it does not carry.'
  },
  uncounted: { zh: '{n} 人到会未计票，请在会议记录中说明。', en: '{n} were present without a counted vote; the minutes should say why.' },
  'none-eligible': { zh: '先填写应到人数。', en: 'First enter how many may vote.' },
  'more-present': { zh: '实到多于应到，请核对。', en: 'More are present than may vote; check the figures.' },
  'more-votes': { zh: '票数多于实到人数，请核对。', en: 'There are more votes than people present; check the figures.' },

  matters: { zh: '决议事项', en: 'What was decided' },
  transfer: { zh: '集体资产发包、出租、流转', en: 'Leasing or transferring a collective asset' },
  'household-transfer': { zh: '统一组织流转农户承包地', en: 'Transferring households’ land on their mandate' },
  sale: { zh: '转让集体资产', en: 'Selling a collective asset' },
  investment: { zh: '投资、作价入股', en: 'Investment, contribution of assets' },
  'construction-land': { zh: '集体经营性建设用地使用、出让、出租', en: 'Use, grant or lease of construction land' },
  'lot-terms': { zh: '底价、交易条件、降价', en: 'Reserve, terms, price cut' },
  partyOn: { zh: '党组织研究讨论日期', en: 'Discussed by the party organisation on' },
  outside: { zh: '受让方可以是本集体以外的人', en: 'The taker may come from outside the collective' },
  creditChecked: { zh: '审查受让方资信', en: 'The taker’s credit is checked' },
  capacityChecked: { zh: '审查受让方经营能力', en: 'The taker’s capacity to farm or operate is checked' },
  mandates: { zh: '农户委托', en: 'Households’ mandates' },
  mandateHouseholds: { zh: '涉及承包农户', en: 'Households whose land is part of it' },
  mandatesGiven: { zh: '已书面委托', en: 'Of them gave a written mandate' },
  minutes: { zh: '会议记录', en: 'Minutes' },
  minutesChoose: { zh: '选择已上传的会议记录', en: 'Choose the uploaded minutes' },
  minutesUpload: { zh: '或上传会议记录', en: 'Or upload the minutes' },
  minutesMissing: { zh: '请选择或上传会议记录。', en: 'Choose or upload the minutes.' },
  result: { zh: '表决结果', en: 'The vote' },
  votes: { zh: '应到 {all} 人，实到 {present} 人；赞成 {for}，反对 {against}，弃权 {abstained}', en: '{all} may vote, {present} present; {for} for, {against} against, {abstained} abstained' },
  outsideYes: { zh: '允许向本集体以外流转', en: 'outsiders are allowed' },
  outsideNo: { zh: '限本集体成员', en: 'members only' },
  mandatesN: { zh: '{n} 户中 {m} 户已书面委托', en: '{m} of {n} households gave a written mandate' }
});
