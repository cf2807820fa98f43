import { messages } from '../messages';

export const signIn = messages({
  title: { zh: '登录', en: 'Sign in' },
  lead: {
    zh: '报名、出价、起草、审核和监督需要登录。浏览市场、公示和账本不需要。',
    en: 'Registering, bidding, drafting, reviewing and supervising need an account. The market, results and the log don’t.'
  },
  login: { zh: '账号', en: 'Account' },
  password: { zh: '密码', en: 'Password' },
  show: { zh: '显示密码', en: 'Show the password' },
  submit: { zh: '登录', en: 'Sign in' },
  done: { zh: '您已登录。', en: 'You are signed in.' },
  goOn: { zh: '继续', en: 'Go on' },
  noAccount: { zh: '没有账号？', en: 'No account?' },
  signUp: { zh: '注册竞买人账号', en: 'Make a bidder’s account' },
  demo: { zh: '演示账号', en: 'Demonstration accounts' },
  demoLead: {
    zh: '这是演示环境，数据都是示例。选一个角色，不用输入密码。',
    en: 'This is a demonstration with made-up data. Choose a role; no password is needed.'
  },
  missing: { zh: '请填写。', en: 'Please fill this in.' }
});
