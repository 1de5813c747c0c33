import{a as e,n as t,t as n}from"./jsx-runtime.js";import{a as r,r as i,t as a}from"./gql.js";var o=e(t(),1),s=n(),c=(0,o.createContext)(new Set),l=a(`
  subscription StudioActivity($frontend: ID!) {
    activity(frontend: $frontend) { kinds at }
  }
`);function u({frontend:e,children:t}){let n=(0,o.useMemo)(()=>new Set,[]),r=i();return(0,o.useEffect)(()=>{let t=!0;return r.subscription(l,{frontend:e}).subscribe(({data:e})=>{if(e){if(t)t=!1;else for(let t of n)t(e.activity.kinds)}}).unsubscribe},[r,e,n]),(0,s.jsx)(c,{value:n,children:t})}function d(e,t){let n=(0,o.useContext)(c),r=(0,o.useRef)(t);(0,o.useEffect)(()=>{r.current=t});let i=e.join(` `);(0,o.useEffect)(()=>{let e=e=>{i.split(` `).some(t=>e.includes(t))&&r.current()};return n.add(e),()=>{n.delete(e)}},[n,i])}function f(e){let[t,n]=r({query:e.query,variables:e.variables,pause:e.pause??!1});d(e.on,()=>{e.pause||n({requestPolicy:`network-only`})});let i=JSON.stringify(e.variables),[a,s]=(0,o.useState)();t.data!==void 0&&(a?.data!==t.data||a.of!==i)&&s({of:i,data:t.data});let c=t.data===void 0&&t.error?.networkError&&a?.of===i?a.data:void 0;return[c===void 0?t:{...t,data:c},n]}var p=`sonata.studio.`;function m(e,t,n){try{let r=localStorage.getItem(p+e),i=r===null?void 0:JSON.parse(r);return n(i)?i:t}catch{return t}}function h(e,t){try{localStorage.setItem(p+e,JSON.stringify(t))}catch{}}var g=e=>typeof e==`string`,_=a(`
  query StudioFrontend($slug: String!) {
    frontend(slug: $slug) {
      id
      slug
      name
      origins
      previewUrl
      environments { id key delivery live { id number hash title createdAt } }
    }
  }
`),v=`production`,y=(0,o.createContext)(null);function b(e){let[{data:t,error:n}]=f({query:_,variables:{slug:e},on:[`FRONTEND`,`RELEASES`]}),[r,i]=(0,o.useState)(()=>m(`environment.${e}`,v,g));return(0,o.useMemo)(()=>{let a=t?.frontend;if(!a)return{phase:t?`missing`:n?`away`:`loading`};let o=a.environments.find(({key:e})=>e===r)??a.environments.find(({key:e})=>e===`production`)??a.environments[0];return o?{phase:`there`,current:{frontend:a,environment:o,chooseEnvironment:t=>{i(t),h(`environment.${e}`,t)}}}:{phase:`missing`}},[t,n,r,e])}function x({current:e,children:t}){return(0,s.jsx)(y,{value:e,children:t})}function S(){let e=(0,o.useContext)(y);if(!e)throw Error(`a view was shown outside a frontend`);return e}export{g as a,u as c,b as i,d as l,v as n,m as o,S as r,h as s,x as t,f as u};