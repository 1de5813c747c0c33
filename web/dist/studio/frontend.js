import{a as e,n as t,t as n}from"./jsx-runtime.js";import{u as r}from"./viewer.js";import{r as i}from"./activity.js";var a=e(t(),1),o=`sonata.studio.`;function s(e,t,n){try{let r=localStorage.getItem(o+e),i=r===null?void 0:JSON.parse(r);return n(i)?i:t}catch{return t}}function c(e,t){try{localStorage.setItem(o+e,JSON.stringify(t))}catch{}}var l=e=>typeof e==`string`,u=n(),d=r(`
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
`),f=`production`,p=(0,a.createContext)(null);function m(e){let[{data:t,error:n}]=i({query:d,variables:{slug:e},on:[`FRONTEND`,`RELEASES`]}),[r,o]=(0,a.useState)(()=>s(`environment.${e}`,f,l));return(0,a.useMemo)(()=>{let i=t?.frontend;if(!i)return{phase:t?`missing`:n?`away`:`loading`};let a=i.environments.find(({key:e})=>e===r)??i.environments.find(({key:e})=>e===`production`)??i.environments[0];return a?{phase:`there`,current:{frontend:i,environment:a,chooseEnvironment:t=>{o(t),c(`environment.${e}`,t)}}}:{phase:`missing`}},[t,n,r,e])}function h({current:e,children:t}){return(0,u.jsx)(p,{value:e,children:t})}function g(){let e=(0,a.useContext)(p);if(!e)throw Error(`a view was shown outside a frontend`);return e}export{l as a,m as i,f as n,s as o,g as r,c as s,h as t};