import { messages } from '../messages';

/** The page that shows every component; for builders and for visual tests. */
export const kit = messages({
  title: { zh: '组件一览', en: 'Components' },
  lead: { zh: '每个组件的每种状态，供开发和外观测试使用。数据为示例。', en: 'Every component in every state, for builders and visual tests. The data is made up.' },
  buttons: { zh: '按钮', en: 'Buttons' },
  primary: { zh: '主要', en: 'Primary' },
  plain: { zh: '普通', en: 'Plain' },
  quiet: { zh: '次要', en: 'Quiet' },
  danger: { zh: '危险', en: 'Danger' },
  busy: { zh: '办理中', en: 'Busy' },
  disabled: { zh: '不可用', en: 'Disabled' },
  small: { zh: '小号', en: 'Small' },
  link: { zh: '链接', en: 'Link' },
  states: { zh: '状态', en: 'States' },
  fields: { zh: '表单', en: 'Forms' },
  amounts: { zh: '金额', en: 'Amounts' },
  findings: { zh: '审查意见', en: 'Findings' },
  time: { zh: '时间', en: 'Time' },
  lists: { zh: '列表', en: 'Lists' },
  messages: { zh: '消息与失败', en: 'Messages and failures' },
  files: { zh: '文件与摘要', en: 'Files and digests' },
  mapChart: { zh: '地图与图表', en: 'Map and chart' },
  sampleLot: { zh: '东风村二组 374.6 亩耕地经营权', en: '374.6 mu of farmland, Dongfeng village, group 2' },
  openDialog: { zh: '打开对话框', en: 'Open a dialog' },
  askAgain: { zh: '异常报价再确认', en: 'Ask again' },
  showToast: { zh: '显示消息', en: 'Show a message' },
  showError: { zh: '显示错误', en: 'Show an error' }
});
