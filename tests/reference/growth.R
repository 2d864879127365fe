# Regressions of growth for the tests: Rscript growth.R <folder>
# reads edges.csv (from, to: row numbers of regions, weights 1), cross.csv (growth, initial, control),
# panel.csv (region, year, growth, initial, control), series.csv (year, sd)
# writes results.csv (name, value)
suppressPackageStartupMessages({
  library(spdep)
  library(plm)
  library(sandwich)
})
folder <- commandArgs(trailingOnly = TRUE)[1]
read <- function(name) read.csv(file.path(folder, name))
found <- list()
keep <- function(name, values) {
  for (i in seq_along(values)) found[[paste0(name, ".", names(values)[i])]] <<- values[[i]]
}

cross <- read("cross.csv")
edges <- read("edges.csv")
nb <- lapply(split(edges$to, factor(edges$from, levels = seq_len(nrow(cross)))), as.integer)
names(nb) <- NULL
class(nb) <- "nb"
attr(nb, "region.id") <- as.character(seq_len(nrow(cross)))
rows <- nb2listw(nb, style = "W")
model <- lm(growth ~ initial + control, data = cross)
keep("cross.estimate", coef(model))
keep("cross.classic", sqrt(diag(vcov(model))))
keep("cross.hc1", sqrt(diag(vcovHC(model, type = "HC1"))))
keep("cross.fit", c(loglik = as.numeric(logLik(model)), aic = AIC(model)))
moran <- lm.morantest(model, rows, alternative = "two.sided")
keep("moran", c(I = moran$estimate[[1]], expected = moran$estimate[[2]],
                z = unname(moran$statistic), p = moran$p.value[[1]]))
tests <- lm.LMtests(model, rows, test = "all")
keep("lm", sapply(tests, function(t) unname(t$statistic)))
keep("lmp", sapply(tests, function(t) t$p.value[[1]]))

panel <- pdata.frame(read("panel.csv"), index = c("region", "year"))
fits <- list(
  pooled = plm(growth ~ initial + control, panel, model = "pooling"),
  region = plm(growth ~ initial + control, panel, model = "within", effect = "individual"),
  year = plm(growth ~ initial + control, panel, model = "within", effect = "time"),
  both = plm(growth ~ initial + control, panel, model = "within", effect = "twoways")
)
for (name in names(fits)) {
  keep(paste0(name, ".estimate"), coef(fits[[name]]))
  keep(paste0(name, ".classic"), sqrt(diag(vcov(fits[[name]]))))
  keep(paste0(name, ".cluster"),
       sqrt(diag(vcovHC(fits[[name]], type = "HC0", method = "arellano", cluster = "group"))))
}

series <- read("series.csv")
trend <- lm(sd ~ year, data = series)
lags <- floor(4 * (nrow(series) / 100)^(2 / 9))
keep("trend", c(slope = coef(trend)[[2]], lags = lags, error = sqrt(
  NeweyWest(trend, lag = lags, prewhite = FALSE, adjust = TRUE)[2, 2])))
write.csv(data.frame(name = names(found), value = format(unlist(found), digits = 17)),
          file.path(folder, "results.csv"), row.names = FALSE)
