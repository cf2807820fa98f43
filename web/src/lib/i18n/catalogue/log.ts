import { messages } from '../messages';

/** The log's explorer. */
export const log = messages({
  title: { zh: '公开账本', en: 'Public log' },
  lead: {
    zh: '每一步业务在这里留下一条记录，只增不改。个人信息不在其中：当事人以假名和承诺出现，文件以摘要出现。',
    en: 'Every step leaves an entry here, and none is ever changed. There is no personal data in it: parties stand as pseudonyms and commitments, documents as digests.'
  },
  checkpoint: { zh: '当前检查点', en: 'The checkpoint now' },
  size: { zh: '{n} 条记录', en: '{n} entries' },
  root: { zh: '树根', en: 'Root' },
  how: { zh: '如何验证', en: 'How to verify' },
  search: { zh: '查找记录', en: 'Find entries' },
  subject: { zh: '对象', en: 'Subject' },
  subjectHint: { zh: '例如 lot:0197…，或直接填标的编号。', en: 'Such as lot:0197…, or a lot’s id alone.' },
  kind: { zh: '种类', en: 'Kind' },
  anyKind: { zh: '全部种类', en: 'All kinds' },
  find: { zh: '查找', en: 'Find' },
  clear: { zh: '清除条件', en: 'Clear' },
  newest: { zh: '最新记录', en: 'Newest entries' },
  found: { zh: '找到的记录，最新在前', en: 'Entries found, newest first' },
  none: { zh: '没有符合条件的记录', en: 'No entry fits' },
  noneText: { zh: '检查对象编号和种类。', en: 'Check the subject and the kind.' },
  noneYet: { zh: '账本还是空的', en: 'The log is empty' },
  noneYetText: { zh: '第一件业务办理后，记录会出现在这里。', en: 'Entries appear with the first act.' },
  when: { zh: '时间', en: 'When' },
  actor: { zh: '经办', en: 'By' },
  refresh: { zh: '查看新记录', en: 'Look for newer ones' },

  entryTitle: { zh: '账本第 {n} 条', en: 'Log entry {n}' },
  back: { zh: '公开账本', en: 'Public log' },
  region: { zh: '地区', en: 'Region' },
  rulebook: { zh: '规则版本', en: 'Rulebook' },
  system: { zh: '系统（到期自动办理）', en: 'the system (a deadline)' },
  bidderN: { zh: '{n} 号竞买人', en: 'bidder no. {n}' },
  aboutLot: { zh: '标的', en: 'The lot' },
  facts: { zh: '记录的事实', en: 'The facts' },
  amounts: { zh: '出价和成交价的计价单位见公告。', en: 'Offers and prices are in the announcement’s price basis.' },
  nested: { zh: '详见下方原文', en: 'see the text below' },
  canonical: { zh: '原文（规范 JSON，账本中的字节）', en: 'Word for word (canonical JSON, the bytes in the log)' },
  setOut: { zh: '分行显示', en: 'Set out' },
  leaf: { zh: '叶散列', en: 'Leaf hash' },
  proofTitle: { zh: '证明', en: 'Proof' },
  proofHolds: { zh: '已在本机核对：这条记录在账本里，属于 {n} 条记录的检查点。', en: 'Checked on this device: the entry is in the log, under the checkpoint of {n} entries.' },
  proofBroken: { zh: '核对失败：证明与这条记录不符。请报告监督单位。', en: 'The check failed: the proof does not fit this entry. Please tell a supervising office.' },
  proofUnable: { zh: '此连接未加密，浏览器不能核对；请下载证明，用验证程序核对。', en: 'The connection is not encrypted, so the browser can’t check; download the proof and use the verifier.' },
  proofWait: { zh: '这条记录还没有进入检查点，稍候即可取得证明。', en: 'The entry is under no checkpoint yet; its proof is there in a moment.' },
  proofText: {
    zh: '核对只说明记录在这个检查点里。检查点是否人人所见相同，由见证方和验证程序核对。',
    en: 'This shows that the entry is under this checkpoint. Whether everybody sees the same checkpoint is for witnesses and the verifier.'
  },
  download: { zh: '下载证明', en: 'Download the proof' },
  previous: { zh: '上一条', en: 'Previous' },
  next: { zh: '下一条', en: 'Next' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' }
});
